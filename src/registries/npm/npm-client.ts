import type { PackageRef } from '../../domain/deployment.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { notTrusted } from '../../platform/not-trusted.ts'
import type { HttpRequest, HttpResponse } from '../../platform/platform.ts'
import { readSecret } from '../../platform/secret.ts'
import type { DriverContext } from '../driver.ts'
import { followRedirects, isRedirect, redirectTarget } from '../../http-api/follow-redirects.ts'
import { answerError, type ErrorContext } from '../../http-api/http-errors.ts'
import { movedWithin } from '../../http-api/moved-within.ts'
import { createProcessMemory } from '../../platform/process-memory.ts'
import { refuseClearText } from '../../http-api/refuse-clear-text.ts'
import { findNpmAddress, type NpmAddress } from './npm-address.ts'
import { readNpmConfig, type NpmConfig } from '../npmrc/npm-config.ts'
import { basicLogin, findNpmLogin, tokenLogin, type FoundNpmLogin } from './npm-login.ts'
import { npmTransport } from './npm-transport.ts'

interface NpmRequest {
  readonly method: HttpRequest['method']
  /** Behind the registry's address, with its slash. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxBytes?: number
  /** What is being done, as it continues "while …". */
  readonly doing: string
}

/** One npm registry, with its credentials. */
export interface NpmClient {
  /** Without a slash at the end. */
  readonly registry: string
  /** Why there are no credentials and what to do about it; `undefined` when there are some. */
  readonly lacksLogin: { readonly detail: string; readonly remedy: string } | undefined
  /** Any answer but a redirect. @throws REGISTRY_UNREACHABLE, REGISTRY_TIMEOUT, NOT_TRUSTED where it takes a login that was left out */
  read(request: NpmRequest): Promise<HttpResponse>
  /** A success; asks for a one-time password when the registry wants one. @throws REGISTRY_* */
  write(request: NpmRequest): Promise<HttpResponse>
  errorContext(doing: string): ErrorContext
}

/** One password serves the writes that follow it at once; registries take it for about half a minute. */
const passwords = createProcessMemory<string>()

type NpmContext = DriverContext<{ readonly token?: string | undefined }>

/** @throws CONFIG_INVALID */
export async function createNpmClient(ref: PackageRef, context: NpmContext): Promise<NpmClient> {
  const { platform, options, signal, timeoutMs, root } = context
  const config = await readNpmConfig(context)
  const address = findNpmAddress(ref.registry, ref.name, config, platform.trust)
  const registry = address.url
  const found = await findLogin(address, config, context)
  const { login } = found
  if (login) refuseClearText('npm', registry)
  const configuredPassword = config.get('otp')
  platform.secrets.add(...(login?.secrets ?? []), configuredPassword ?? '')
  const transport = await npmTransport(config, { platform, root, login })

  const lacksLogin = login ? undefined : missingLogin(registry, found, config)
  const errorContext = (doing: string): ErrorContext => ({
    registry,
    doing,
    login: lacksLogin ? `${lacksLogin.detail} ${lacksLogin.remedy}` : loginHint(registry, options.token),
    secrets: platform.secrets,
  })
  const requestOf = ({ method, path, headers, body, maxBytes }: NpmRequest, password = ''): HttpRequest => ({
    method,
    url: `${registry}${path}`,
    headers: {
      accept: '*/*',
      'user-agent': 'bagboy-tui',
      ...headers,
      ...(login?.authorization ? { authorization: login.authorization } : {}),
      ...(password === '' ? {} : { 'npm-otp': password }),
      // Without it a registry answers with the address of a web page to sign in at.
      'npm-auth-type': 'legacy',
    },
    timeoutMs,
    ...transport,
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(body === undefined ? {} : { body }),
  })
  const write = async (request: NpmRequest): Promise<HttpResponse> => {
    const sendTo = async (url: string, password: string) => {
      const beforeSend = await context.fence?.()
      return platform.http({ ...requestOf(request, password), url, ...(beforeSend ? { beforeSend } : {}) }, signal)
    }
    const send = async (password = '') => {
      const url = `${registry}${request.path}`
      const answer = await sendTo(url, password)
      const next = movedWithin(answer, url)
      return next === undefined ? answer : sendTo(next, password)
    }
    const first = await send(passwords.get(platform, registry) ?? configuredPassword)
    if (!wantsPassword(first)) return requireSuccess(first, request, errorContext(request.doing))
    passwords.forget(platform, registry)
    const password = await context.oneTimePassword()
    if (password === '') throw missingPassword(errorContext(request.doing))
    platform.secrets.add(password)
    passwords.set(platform, registry, password)
    return requireSuccess(await send(password), request, errorContext(request.doing))
  }
  const read = async (request: NpmRequest): Promise<HttpResponse> => {
    const sent = requestOf(request)
    const first = await platform.http(sent, signal)
    const reading = { platform, signal, errorContext: errorContext(request.doing) }
    const { answer: response } = await followRedirects(sent, first, reading)
    if (response.status !== 401 || platform.trust.isGiven()) return response
    throw notTrusted(`${registry} asks for a login while ${request.doing}, and none was used`)
  }
  return { registry, lacksLogin, read, write, errorContext }
}

/** The token of `bagboy.yaml`, else what npm is configured with, else what the registry's address holds. */
async function findLogin({ url, login }: NpmAddress, config: NpmConfig, context: NpmContext): Promise<FoundNpmLogin> {
  const { platform, options } = context
  if (options.token !== undefined && platform.trust.isGiven()) {
    return { login: tokenLogin(await readSecret(options.token, platform)) }
  }
  const found = findNpmLogin(url, config)
  if (found.login || login === '' || !platform.trust.isGiven()) return found
  return { login: basicLogin(Buffer.from(login).toString('base64')) }
}

function missingLogin(registry: string, found: FoundNpmLogin, { layers }: NpmConfig): NpmClient['lacksLogin'] {
  const sources = layers.filter(({ kind }) => kind !== 'builtin').map(({ source }) => source)
  const why = 'why' in found && found.why !== '' ? ` ${sanitize(found.why, 300)}` : ''
  return {
    detail: `No credentials for ${registry} were found in npm's configuration (${sources.join(', ')}).${why}`,
    remedy: `Log in: npm login --registry ${registry}`,
  }
}

/** `@scope/name` in one segment of a path, as the npm command writes it. */
export function escapeName(name: string): string {
  return name.replace('/', '%2f')
}

function wantsPassword({ status, headers, body }: HttpResponse): boolean {
  if (status !== 401) return false
  const challenge = (headers['www-authenticate'] ?? '').toLowerCase().split(/[\s,]+/u)
  return challenge.includes('otp') || /one-time pass/iu.test(new TextDecoder().decode(body.subarray(0, 2000)))
}

function requireSuccess(response: HttpResponse, request: NpmRequest, errorContext: ErrorContext): HttpResponse {
  if (response.status >= 200 && response.status < 300) return response
  if (!isRedirect(response)) throw answerError(response, errorContext)
  const target = redirectTarget(response, `${errorContext.registry}${request.path}`)
  throw new BagboyError(
    'REGISTRY_REJECTED',
    `${errorContext.registry} answered ${response.status} while ${errorContext.doing}: it sends writes to ${target}`,
    {
      hint: `A write is not sent on to another address. Name the registry there in bagboy.yaml, under registry:, and log in to it.`,
      details: { status: response.status },
    },
  )
}

function missingPassword({ registry, doing }: ErrorContext): BagboyError {
  return new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${registry} wants a one-time password while ${doing}, and none was given`,
    {
      hint: 'Run it at a terminal, or use a granular token that bypasses two-factor authentication.',
    },
  )
}

function loginHint(registry: string, token: string | undefined): string {
  return token === undefined
    ? `Log in with an account that may publish: npm login --registry ${registry}`
    : `Check the token in ${token}: it has to be allowed to publish.`
}
