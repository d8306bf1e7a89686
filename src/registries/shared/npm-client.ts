import type { PackageRef } from '../../domain/deployment.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { notTrusted } from '../../platform/not-trusted.ts'
import type { HttpRequest, HttpResponse } from '../../platform/platform.ts'
import type { DriverContext } from '../driver.ts'
import { answerError, type ExchangeStory } from './http-errors.ts'
import { findNpmCredentials, findNpmRegistry, readNpmConfig, tokenCredentials } from './npm-config.ts'
import { refuseClearText } from './refuse-clear-text.ts'
import { createProcessMemory } from './process-memory.ts'
import { readSecret } from '../../platform/secret.ts'

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
  readonly hasCredentials: boolean
  /** Any answer. @throws REGISTRY_UNREACHABLE, REGISTRY_TIMEOUT, NOT_TRUSTED where it takes a login that was left out */
  read(request: NpmRequest): Promise<HttpResponse>
  /** A success; asks for a one-time password when the registry wants one. @throws REGISTRY_* */
  write(request: NpmRequest): Promise<HttpResponse>
  story(doing: string): ExchangeStory
}

/** One password serves the writes that follow it at once; registries take it for about half a minute. */
const passwords = createProcessMemory<string>()

type NpmContext = DriverContext<{ readonly token?: string | undefined }>

/** @throws CONFIG_INVALID */
export async function createNpmClient(ref: PackageRef, context: NpmContext): Promise<NpmClient> {
  const { platform, options, signal, timeoutMs } = context
  const config = await readNpmConfig(context)
  const registry = await findNpmRegistry(ref.registry, ref.name, config, context)
  const credentials =
    options.token === undefined || !platform.trust.isGiven()
      ? findNpmCredentials(registry, config)
      : tokenCredentials(await readSecret(options.token, platform))
  if (credentials) refuseClearText('npm', registry)
  platform.secrets.add(...(credentials?.secrets ?? []))

  const story = (doing: string): ExchangeStory => ({
    registry,
    doing,
    login: loginHint(registry, options.token),
    secrets: platform.secrets,
  })
  const exchange = ({ method, path, headers, body, maxBytes }: NpmRequest, password = '', beforeSend?: () => void) => {
    const authorization = credentials ? { authorization: credentials.authorization } : {}
    const otp = password === '' ? {} : { 'npm-otp': password }
    const limit = maxBytes === undefined ? {} : { maxBytes }
    return platform.http(
      {
        method,
        url: `${registry}${path}`,
        // Without it a registry answers with the address of a web page to sign in at.
        headers: { ...headers, ...authorization, ...otp, 'npm-auth-type': 'legacy' },
        timeoutMs,
        ...limit,
        ...(body === undefined ? {} : { body }),
        ...(beforeSend === undefined ? {} : { beforeSend }),
      },
      signal,
    )
  }
  const write = async (request: NpmRequest): Promise<HttpResponse> => {
    const send = async (password = '') => exchange(request, password, await context.fence?.())
    const first = await send(passwords.get(platform, registry))
    if (!wantsPassword(first)) return requireSuccess(first, story(request.doing))
    passwords.forget(platform, registry)
    const password = await context.oneTimePassword()
    if (password === '') throw missingPassword(story(request.doing))
    platform.secrets.add(password)
    passwords.set(platform, registry, password)
    return requireSuccess(await send(password), story(request.doing))
  }
  const read = async (request: NpmRequest): Promise<HttpResponse> => {
    const response = await exchange(request)
    if (response.status !== 401 || platform.trust.isGiven()) return response
    throw notTrusted(`${registry} asks for a login while ${request.doing}, and none was used`)
  }
  return { registry, hasCredentials: credentials !== undefined, read, write, story }
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

function requireSuccess(response: HttpResponse, story: ExchangeStory): HttpResponse {
  if (response.status >= 200 && response.status < 300) return response
  throw answerError(response, story)
}

function missingPassword({ registry, doing }: ExchangeStory): BagboyError {
  return new BagboyError(
    'REGISTRY_UNAUTHORIZED',
    `${registry} wants a one-time password while ${doing}, and nobody gave one`,
    {
      hint: 'Run it where somebody can type it, or use a granular token that bypasses two-factor authentication.',
    },
  )
}

function loginHint(registry: string, token: string | undefined): string {
  return token === undefined
    ? `Log in with an account that may publish: npm login --registry ${registry}`
    : `Check the token in ${token}: it has to be allowed to publish.`
}
