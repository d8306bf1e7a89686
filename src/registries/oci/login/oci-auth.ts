import { z } from 'zod'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../../platform/platform.ts'
import { followRedirects } from '../../../http-api/follow-redirects.ts'
import { answerError, brokenAnswer, parseAnswer, type ErrorContext } from '../../../http-api/http-errors.ts'
import { foreignRealmError, isSafeRealm, parseTokenRealm } from './token-realm.ts'
import { parseWwwAuthenticate } from './www-authenticate.ts'
import { waitOutLimit } from '../wait-out-limit.ts'
import { notTrusted } from '../../../platform/not-trusted.ts'
import { isJsonObject } from '../../../domain/text/json.ts'
import { parseJson } from '../../../domain/text/parse-json.ts'
import type { DockerLogin } from './login-request.ts'

/** A challenge of a registry in `WWW-Authenticate`. */
export type OciChallenge = { readonly scheme: 'basic' } | BearerChallenge

interface BearerChallenge {
  readonly scheme: 'bearer'
  readonly realm: string
  readonly service: string
  readonly error: string
}

/** What goes into `Authorization`, and what it is known to allow. */
export interface OciGrant {
  readonly authorization: string
  readonly access: 'write' | 'denied' | 'unknown'
  /** Given to every client. */
  readonly isAnonymous: boolean
  /** On the monotonic clock. */
  readonly expiresAtMs: number
}

export interface GrantRequest {
  /** At least one; the preferred ones first. */
  readonly challenges: readonly OciChallenge[]
  readonly login: DockerLogin | undefined
  readonly repository: string
  /** Of the registry. */
  readonly origin: string
  /** The token server that is configured for it. */
  readonly tokenRealm: string | undefined
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly errorContext: ErrorContext
}

/** Basic credentials are read again after this long: there may be a new login. */
const BASIC_LIFETIME_MS = 5 * 60_000
/** The token specification's own default, in seconds. */
const DEFAULT_LIFETIME_S = 60
/** No token is kept longer, regardless of its server, in seconds. */
const LONGEST_LIFETIME_S = 24 * 60 * 60
/** A token that ends while a request is under way is no use. */
const SAFETY_MARGIN_MS = 10_000

/** What says that there is no token server at that address. */
const NO_TOKEN_SERVER: ReadonlySet<unknown> = new Set([404, 405, 410, 501])

const tokenAnswer = z.object({
  token: z.string().nullish().catch(null),
  access_token: z.string().nullish().catch(null),
  expires_in: z.unknown().optional(),
})
const tokenClaims = z.object({
  access: z.array(z.object({ name: z.string(), actions: z.array(z.string()) })),
})

/** What we can answer, the preferred first: Bearer before Basic, regardless of their order. Pure. */
export function parseChallenges(header: string | undefined): readonly OciChallenge[] {
  const challenges = parseWwwAuthenticate(header ?? '')
  const bearers = challenges
    .filter(({ scheme }) => scheme === 'bearer')
    .map(({ parameters }): BearerChallenge => ({
      scheme: 'bearer',
      realm: parameters.get('realm') ?? '',
      service: parameters.get('service') ?? '',
      error: parameters.get('error') ?? '',
    }))
  const hasBasic = challenges.some(({ scheme }) => scheme === 'basic')
  return [...bearers, ...(hasBasic ? [{ scheme: 'basic' } as const] : [])]
}

/** @throws REGISTRY_UNAUTHORIZED without a login, and what the token server answers */
export async function requestGrant(request: GrantRequest): Promise<OciGrant> {
  const { challenges, login, platform, errorContext } = request
  if (login) platform.secrets.add(login.secret, encodeLogin(login))
  const bearers = challenges.filter((one) => one.scheme === 'bearer')
  const basic = login && login.user !== '' && challenges.some(({ scheme }) => scheme === 'basic') ? login : undefined
  const bearer = bearers.find((one) => isUsable(request, one)) ?? (basic ? undefined : bearers[0])
  if (bearer) {
    return requestToken(request, bearer).catch((error: unknown) => {
      if (basic && error instanceof BagboyError && saysNoServer(error)) return basicGrant(basic, platform)
      throw error
    })
  }
  if (basic) return basicGrant(basic, platform)
  throw missingLogin(errorContext, platform)
}

/** A realm that is no address, or that a login must not go to, is passed over where the registry offers another way. */
function isUsable(
  { login, origin, tokenRealm: configured, errorContext }: GrantRequest,
  { realm }: BearerChallenge,
): boolean {
  if (!isSafeRealm(realm)) return false
  return !login || parseTokenRealm({ realm, origin, configured }, errorContext).host !== 'other'
}

function saysNoServer({ details }: BagboyError): boolean {
  return isJsonObject(details) && NO_TOKEN_SERVER.has(details['status'])
}

/** The login itself. */
export function basicGrant(login: DockerLogin, { clock }: Platform): OciGrant {
  const expiresAtMs = clock.elapsedMs() + BASIC_LIFETIME_MS
  return { authorization: `Basic ${encodeLogin(login)}`, access: 'unknown', isAnonymous: false, expiresAtMs }
}

/** Requests reading and writing; where that is refused outright, reading alone. */
async function requestToken(request: GrantRequest, challenge: BearerChallenge): Promise<OciGrant> {
  const wide = await requestScope(request, challenge, 'pull,push')
  if (wide.status === 200) return readToken(request, wide, undefined)
  const narrow = wide.status === 401 || wide.status === 403 ? await requestScope(request, challenge, 'pull') : wide
  if (narrow.status === 200) return readToken(request, narrow, 'denied')
  throw answerError(narrow, errorContextOf(request))
}

async function requestScope(
  request: GrantRequest,
  { realm, service }: BearerChallenge,
  actions: string,
): Promise<HttpResponse> {
  const { login, repository, platform, signal, timeoutMs, errorContext, origin, tokenRealm } = request
  const tokenServer = parseTokenRealm({ realm, origin, configured: tokenRealm }, errorContext)
  if (login && tokenServer.host === 'other') throw foreignRealmError(tokenServer, errorContext)
  const { url } = tokenServer
  const guards = { isGuarded: tokenServer.host !== 'registry', isPublicOnly: tokenServer.host === 'other' }
  const following = { platform, signal, errorContext: errorContextOf(request), isWithin: login !== undefined }
  const sendOnce = async (wanted: HttpRequest): Promise<HttpResponse> =>
    (await followRedirects(wanted, await platform.http(wanted, signal), following)).answer
  const send = (wanted: HttpRequest): Promise<HttpResponse> =>
    waitOutLimit(() => sendOnce(wanted), { platform, signal })
  const scope = `repository:${repository}:${actions}`
  if (login?.user === '') {
    const form = { grant_type: 'refresh_token', refresh_token: login.secret, service, scope, client_id: 'bagboy-tui' }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(form).toString()
    return send({ method: 'POST', url: url.href, headers, body, timeoutMs, ...guards })
  }
  if (service !== '') url.searchParams.set('service', service)
  if (login) url.searchParams.set('account', login.user)
  url.searchParams.set('scope', scope)
  const headers: Record<string, string> = login ? { authorization: `Basic ${encodeLogin(login)}` } : {}
  return send({ method: 'GET', url: url.href, headers, timeoutMs, ...guards })
}

function readToken(request: GrantRequest, response: HttpResponse, known: 'denied' | undefined): OciGrant {
  const parsed = tokenAnswer.safeParse(parseAnswer(response, errorContextOf(request)))
  const token = parsed.data?.token || parsed.data?.access_token
  if (!token) throw brokenAnswer(errorContextOf(request), 'the token server sent no token')
  request.platform.secrets.add(token)
  const lifetimeMs = lifetimeOf(parsed.data?.expires_in) * 1000
  return {
    authorization: `Bearer ${token}`,
    access: known ?? accessOf(token, request.repository),
    isAnonymous: request.login === undefined,
    expiresAtMs: request.platform.clock.elapsedMs() + Math.max(lifetimeMs - SAFETY_MARGIN_MS, lifetimeMs / 2),
  }
}

/** In seconds; what is no time is the default, as docker takes it. */
function lifetimeOf(value: unknown): number {
  const seconds = typeof value === 'string' ? Number(value) : value
  const isTime = typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0
  return isTime ? Math.min(seconds, LONGEST_LIFETIME_S) : DEFAULT_LIFETIME_S
}

/** What the token itself says it grants, when it is a JWT; its signature is the registry's business. */
function accessOf(token: string, repository: string): OciGrant['access'] {
  const [, payload = ''] = token.split('.')
  const claims = tokenClaims.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8')))
  if (!claims.success) return 'unknown'
  const actions = claims.data.access.filter(({ name }) => name === repository).flatMap((entry) => entry.actions)
  return actions.includes('push') || actions.includes('*') ? 'write' : 'denied'
}

function errorContextOf({ errorContext }: GrantRequest): ErrorContext {
  return { ...errorContext, doing: `getting a token for ${errorContext.doing}` }
}

function encodeLogin({ user, secret }: DockerLogin): string {
  return Buffer.from(`${user}:${secret}`).toString('base64')
}

function missingLogin({ registry, doing, login }: ErrorContext, { trust }: Platform): BagboyError {
  if (!trust.isGiven()) return notTrusted(`${registry} asks for credentials while ${doing}, and none were used`)
  return new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${registry} asks for credentials while ${doing}, and there are none`,
    {
      hint: login,
    },
  )
}
