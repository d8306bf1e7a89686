import { sanitize } from '../domain/text/sanitize.ts'
import type { HttpRequest, HttpResponse, Platform } from '../platform/platform.ts'
import { brokenAnswer, type ErrorContext } from './http-errors.ts'
import { isLoopback } from './is-loopback.ts'

/** As many as npm follows; docker follows 10. */
const MAX_HOPS = 20
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

interface Following {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly errorContext: ErrorContext
  /** What an error of another origin means to the registry; as it is without. */
  readonly explain?: (error: unknown, at: URL) => unknown
  /** Nothing is asked of another origin, as an answer without the login is no use. */
  readonly isWithin?: boolean
}

interface Reached {
  readonly answer: HttpResponse
  /** Where the answer is from. */
  readonly at: URL
}

/**
 * Reads on where `first`, the answer to the request, sends us: to a mirror, a storage, or another registry. Login, one-time
 * password and client certificate stay with the origin they are for. Nothing is followed from TLS or this machine into
 * clear text elsewhere, or to an address where clouds keep credentials.
 * @throws REGISTRY_BROKEN for an address that is not followed
 */
export async function followRedirects(
  request: HttpRequest,
  first: HttpResponse,
  { platform, signal, errorContext, explain = (error) => error, isWithin = false }: Following,
): Promise<Reached> {
  const { origin } = new URL(request.url)
  let [at, answer] = [new URL(request.url), first]
  for (let hops = 0; isRedirect(answer); hops += 1) {
    if (hops === MAX_HOPS) throw brokenAnswer(errorContext, `it redirects more than ${MAX_HOPS} times`)
    at = nextAddress(at, answer, errorContext)
    const isElsewhere = at.origin !== origin
    if (isElsewhere && isWithin) {
      throw brokenAnswer(errorContext, `it redirects to ${addressOf(at)}, another origin, where the login is not sent`)
    }
    const next = { ...(isElsewhere ? withoutLogin(request) : request), url: at.href }
    answer = await platform.http(next, signal).catch((error: unknown) => {
      throw isElsewhere ? explain(error, at) : error
    })
  }
  return { answer, at }
}

export function isRedirect({ status, headers }: HttpResponse): boolean {
  return REDIRECTS.has(status) && headers['location'] !== undefined
}

/** Without a login and without a query, which may be a signature. Safe to show. */
export function addressOf(url: URL): string {
  return sanitize(`${url.origin}${url.pathname}`, 200)
}

/** Where a redirect leads. Safe to show. */
export function redirectTarget({ headers }: HttpResponse, from: string): string {
  const location = headers['location'] ?? ''
  return URL.canParse(location, from) ? addressOf(new URL(location, from)) : sanitize(location, 200)
}

function nextAddress(at: URL, answer: HttpResponse, errorContext: ErrorContext): URL {
  const location = answer.headers['location'] ?? ''
  const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined
  if (next && isSafe(at, next)) return next
  throw brokenAnswer(errorContext, `it redirects to ${redirectTarget(answer, at.href)}, which is not followed`)
}

function isSafe(at: URL, next: URL): boolean {
  if (next.username !== '' || next.password !== '') return false
  if (next.protocol !== 'http:') return next.protocol === 'https:'
  // What has stayed on this machine does not leave it in clear text.
  return isLoopback(at.host) ? isLoopback(next.host) : at.protocol === 'http:'
}

function withoutLogin({ headers = {}, tls, ...request }: HttpRequest): HttpRequest {
  const { authorization: _login, 'npm-otp': _password, ...others } = headers
  const { cert: _cert, key: _key, ...trusted } = tls ?? {}
  return { ...request, headers: others, isGuarded: true, ...(tls ? { tls: trusted } : {}) }
}
