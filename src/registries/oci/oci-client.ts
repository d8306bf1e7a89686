import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Fence, HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts'
import { findDockerLogin, parseLogin } from './login/docker-login.ts'
import { answerError, type ErrorContext } from '../../http-api/http-errors.ts'
import { isRedirect } from '../../http-api/follow-redirects.ts'
import { movedWithin } from '../../http-api/moved-within.ts'
import { readFromStorage } from './read-from-storage.ts'
import { basicGrant, parseChallenges, requestGrant, type OciChallenge, type OciGrant } from './login/oci-auth.ts'
import { parseOciReference, type OciReference } from './oci-reference.ts'
import { createProcessMemory } from '../../platform/process-memory.ts'
import { waitOutLimit } from './wait-out-limit.ts'
import { readSecret } from '../../platform/secret.ts'
import type { DockerLogin } from './login/login-request.ts'

export interface OciClientSettings {
  readonly platform: Platform
  readonly signal: AbortSignal
  /** For one request. */
  readonly timeoutMs: number
  /** `host[:port]/repository` */
  readonly registry: string
  readonly insecure: boolean
  /** `docker`, or where `user:secret` is to be found. */
  readonly credentials: string
  /** The registry's token server, where it is on another host. */
  readonly tokenRealm?: string | undefined
  /** Called right before a request that changes something. */
  readonly fence?: Fence | undefined
}

interface OciRequest {
  readonly method: 'GET' | 'PUT'
  /** Behind `/v2/<repository>/`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Only whether there is a body matters, and its first byte. */
  readonly isBodyCut?: boolean
  /** What is being done, as it continues "while …". */
  readonly doing: string
}

/** One repository, with its credentials. */
export interface OciClient {
  readonly reference: OciReference
  readonly platform: Platform
  /** Any answer but a refusal of the credentials. @throws REGISTRY_UNAUTHORIZED, REGISTRY_FORBIDDEN, REGISTRY_UNREACHABLE, REGISTRY_TIMEOUT */
  request(request: OciRequest): Promise<HttpResponse>
  errorContext(doing: string): ErrorContext
  /** As far as the answers until now show. */
  access(): OciGrant['access']
  /** What the registry calls itself where it asks for a login; empty when it asks for none. */
  service(): string
  /** Reads an address of the registry that is not one of OCI, with the login itself; `undefined` without one. */
  queryApi(path: string): Promise<HttpResponse | undefined>
  /** Whether the answers until now were anonymous ones: what is not seen may be hidden from us. */
  isAnonymous(): boolean
}

/** How a registry behaves that answers anonymous requests with nothing: it may hide what only some users may see. */
const MAY_HIDE: ReadonlySet<number> = new Set([403, 404])

const grants = createProcessMemory<OciGrant>()
/** The path that registries ask a login for first, `/v2/`. */
const entrances = createProcessMemory<readonly OciChallenge[]>()
/** What registries call themselves, by their origin. */
const services = createProcessMemory<string>()

export function createOciClient(settings: OciClientSettings): OciClient {
  const { platform, signal, timeoutMs, insecure, credentials } = settings
  const reference = parseOciReference(settings.registry, insecure)
  const { origin, repository } = reference
  const memoryKey = `${origin}/${repository} ${credentials}`
  let granting: Promise<OciGrant | undefined> | undefined

  const errorContext = (doing: string): ErrorContext => ({
    registry: reference.name,
    doing,
    login: loginHint(reference, credentials),
    secrets: platform.secrets,
  })
  const write = async (request: HttpRequest): Promise<HttpResponse> => {
    const sendTo = async (url: string): Promise<HttpResponse> => {
      const beforeSend = await settings.fence?.()
      return platform.http({ ...request, url, ...(beforeSend ? { beforeSend } : {}) }, signal)
    }
    const answer = await sendTo(request.url)
    const next = movedWithin(answer, request.url)
    return next === undefined ? answer : sendTo(next)
  }
  const send = async (wanted: OciRequest, grant: OciGrant | undefined): Promise<HttpResponse> => {
    const { method, path, body, isBodyCut } = wanted
    const url = `${origin}/v2/${repository}/${path}`
    const headers = { ...wanted.headers, ...(grant ? { authorization: grant.authorization } : {}) }
    const extras = { ...(body ? { body } : {}), ...(isBodyCut ? { isBodyCut, maxBytes: 1 } : {}) }
    const request = { method, url, headers, timeoutMs, ...extras }
    if (method === 'PUT') return write(request)
    const answer = await platform.http(request, signal)
    if (!isRedirect(answer)) return answer
    return readFromStorage(request, answer, { platform, signal, errorContext: errorContext(wanted.doing) })
  }
  const patience = { platform, signal }
  /** A read that meets a limit for a moment is repeated; a write is the step's to repeat. */
  const sendPatiently = (wanted: OciRequest, grant: OciGrant | undefined): Promise<HttpResponse> =>
    wanted.method === 'GET' ? waitOutLimit(() => send(wanted, grant), patience) : send(wanted, grant)
  const read = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<HttpResponse> =>
    waitOutLimit(() => platform.http({ method: 'GET', url, headers, timeoutMs }, signal), patience)
  /** As docker begins: what `/v2/` asks for holds for everything behind it. What a limit or a fault is answered with holds for nothing. */
  const readEntrance = async (doing: string): Promise<readonly OciChallenge[]> => {
    const known = entrances.get(platform, origin)
    if (known) return known
    const answer = await read(`${origin}/v2/`)
    const isUnread = answer.status === 429 || answer.status >= 500
    // What is hidden from anonymous users would seem not to be there.
    if (isUnread && (await findLogin(reference, settings))) throw answerError(answer, errorContext(doing))
    const challenges = answer.status === 401 ? parseChallenges(answer.headers['www-authenticate']) : []
    if (!isUnread) entrances.set(platform, origin, challenges)
    return challenges
  }
  const grantFor = async (response: HttpResponse, doing: string): Promise<OciGrant | undefined> => {
    const named = parseChallenges(response.headers['www-authenticate'])
    const challenges = named.length > 0 ? named : await readEntrance(doing)
    for (const one of challenges) if (one.scheme === 'bearer') services.set(platform, origin, one.service)
    if (challenges.length === 0 && response.status !== 401) return undefined
    if (challenges.length === 0) throw answerError(response, errorContext(doing))
    const login = await findLogin(reference, settings)
    // Anonymous requests have been answered already.
    if (!login && response.status !== 401) return undefined
    const asked = { challenges, login, repository, origin, tokenRealm: settings.tokenRealm }
    const grant = await requestGrant({ ...asked, platform, signal, timeoutMs, errorContext: errorContext(doing) })
    grants.set(platform, memoryKey, grant)
    return grant
  }
  const request = async (wanted: OciRequest): Promise<HttpResponse> => {
    const known = grants.get(platform, memoryKey)
    const fresh = known !== undefined && known.expiresAtMs > platform.clock.elapsedMs() ? known : undefined
    const first = await sendPatiently(wanted, fresh)
    const isHidden = MAY_HIDE.has(first.status) && fresh === undefined
    if (first.status !== 401 && !isHidden) return first
    // Requests that are refused at the same time share one new grant.
    granting ??= grantFor(first, wanted.doing).finally(() => (granting = undefined))
    const grant = await granting
    if (!grant) return first
    const second = await sendPatiently(wanted, grant)
    if (second.status !== 401) return second
    const error = refusal(second, errorContext(wanted.doing))
    grants.forget(platform, memoryKey)
    throw error
  }
  const queryApi = async (path: string): Promise<HttpResponse | undefined> => {
    const login = await findLogin(reference, settings)
    if (!login || login.user === '') return undefined
    const { authorization } = basicGrant(login, platform)
    return read(`${origin}${path}`, { authorization })
  }
  return {
    reference,
    platform,
    request,
    errorContext,
    queryApi,
    service: () => services.get(platform, origin) ?? '',
    access: () => grants.get(platform, memoryKey)?.access ?? 'unknown',
    isAnonymous: () => grants.get(platform, memoryKey)?.isAnonymous ?? true,
  }
}

async function findLogin(reference: OciReference, settings: OciClientSettings): Promise<DockerLogin | undefined> {
  if (!settings.platform.trust.isGiven()) return undefined
  if (settings.credentials === 'docker') return findDockerLogin(reference, settings)
  const login = parseLogin(await readSecret(settings.credentials, settings.platform))
  if (login) return login
  throw new BagboyError('CONFIG_INVALID', `docker: ${settings.credentials} does not hold user:secret`, {
    hint: 'Set it to the user name, a colon, and the password or token.',
  })
}

/** Known credentials that do not reach far enough are not the same as unknown ones. */
function refusal(response: HttpResponse, errorContext: ErrorContext): BagboyError {
  const isNarrow = parseChallenges(response.headers['www-authenticate']).some(
    (challenge) => challenge.scheme === 'bearer' && challenge.error === 'insufficient_scope',
  )
  return answerError(isNarrow ? { ...response, status: 403 } : response, errorContext)
}

function loginHint({ loginKeys: [host = ''] }: OciReference, credentials: string): string {
  return credentials === 'docker'
    ? `Log in with credentials that may push: docker login ${host.replace(/^https:\/\/index\.docker\.io\/v1\/$/u, '')}`.trim()
    : `Check what ${credentials} holds: user:secret with the right to push.`
}
