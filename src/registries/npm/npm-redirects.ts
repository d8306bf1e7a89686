import { untrusted } from '../../domain/display.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts'
import { brokenAnswer, type ExchangeStory } from '../shared/http-errors.ts'

/** As many as npm follows. */
const MAX_HOPS = 20
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

interface Reading {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly story: ExchangeStory
}

/**
 * Reads, and goes on where the registry sends us: a mirror, or a storage. Login and client certificate stay with the origin
 * they are for. Nothing is followed from TLS into clear text, or to an address where clouds keep credentials.
 * @throws REGISTRY_BROKEN for an address that is not followed
 */
export async function readThroughRedirects(request: HttpRequest, reading: Reading): Promise<HttpResponse> {
  const { origin } = new URL(request.url)
  let next = request
  for (let hops = 0; ; hops += 1) {
    const answer = await reading.platform.http(next, reading.signal)
    if (!isRedirect(answer)) return answer
    if (hops === MAX_HOPS) throw brokenAnswer(reading.story, `it redirects more than ${MAX_HOPS} times`)
    const url = nextAddress(new URL(next.url), answer, reading.story)
    next = url.origin === origin ? { ...request, url: url.href } : { ...withoutLogin(request), url: url.href }
  }
}

export function isRedirect({ status, headers }: HttpResponse): boolean {
  return REDIRECTS.has(status) && headers['location'] !== undefined
}

function nextAddress(at: URL, { headers }: HttpResponse, story: ExchangeStory): URL {
  const location = headers['location'] ?? ''
  const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined
  const isSafe = next?.protocol === 'https:' || (next?.protocol === 'http:' && at.protocol === 'http:')
  if (next && isSafe && next.username === '') return next
  throw brokenAnswer(story, `it redirects to ${addressOf(next, location)}, which is not followed`)
}

/** Without a login and a query, which may be a signature. */
function addressOf(url: URL | undefined, location: string): string {
  return untrusted(url ? `${url.protocol}//${url.host}${url.pathname}` : location, 200)
}

/** Where a redirect leads, in words; empty for another answer. */
export function redirectTarget({ headers }: HttpResponse, from: string): string {
  const location = headers['location'] ?? ''
  return addressOf(URL.canParse(location, from) ? new URL(location, from) : undefined, location)
}

/** Where the same registry wants the same write instead (307, 308); `undefined` for anything else. */
export function movedWithin({ status, headers }: HttpResponse, from: string): string | undefined {
  const location = headers['location'] ?? ''
  if ((status !== 307 && status !== 308) || !URL.canParse(location, from)) return undefined
  const { href, origin } = new URL(location, from)
  return origin === new URL(from).origin ? href : undefined
}

function withoutLogin({ headers = {}, tls, ...request }: HttpRequest): HttpRequest {
  const { authorization: _login, 'npm-otp': _password, ...others } = headers
  const { cert: _cert, key: _key, ...trusted } = tls ?? {}
  return { ...request, headers: others, isGuarded: true, ...(tls ? { tls: trusted } : {}) }
}
