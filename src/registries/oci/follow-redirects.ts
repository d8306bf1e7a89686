import { untrusted } from '../../domain/display.ts'
import { isJsonObject, type Json } from '../../domain/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts'
import { brokenAnswer, type ExchangeStory } from '../shared/http-errors.ts'
import { isLoopback } from './oci-reference.ts'

/** As many as docker follows. */
const MAX_HOPS = 10
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

interface Following {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly story: ExchangeStory
}

/**
 * Reads on where the registry sends us: to its storage, or to another registry. The login stays with the host that it is
 * for. Nothing is followed from TLS into clear text, or to an address where clouds keep credentials.
 * @throws REGISTRY_BROKEN for an address that is not followed, and what the other host answers when it is of no use
 */
export async function followRedirects(
  request: HttpRequest,
  first: HttpResponse,
  { platform, signal, story }: Following,
): Promise<HttpResponse> {
  const origin = new URL(request.url).origin
  let [at, answer] = [new URL(request.url), first]
  for (let hops = 0; isRedirect(answer); hops += 1) {
    if (hops === MAX_HOPS) throw brokenAnswer(story, `it redirects more than ${MAX_HOPS} times`)
    at = nextAddress(at, answer, story)
    const isElsewhere = at.origin !== origin
    const { authorization, ...rest } = request.headers ?? {}
    const headers = isElsewhere || authorization === undefined ? rest : { ...rest, authorization }
    const next = { ...request, url: at.href, headers, ...(isElsewhere ? { isGuarded: true } : {}) }
    answer = await platform.http(next, signal).catch((error: unknown) => {
      throw isElsewhere ? atStorage(error, at) : error
    })
  }
  if (at.origin !== origin && isRefusal(answer)) throw refusedElsewhere(at, answer, story)
  return answer
}

export function isRedirect({ status, headers }: HttpResponse): boolean {
  return REDIRECTS.has(status) && headers['location'] !== undefined
}

function nextAddress(at: URL, { headers }: HttpResponse, story: ExchangeStory): URL {
  const location = headers['location'] ?? ''
  const next = URL.canParse(location, at.href) ? new URL(location, at.href) : undefined
  const isSafe =
    next?.protocol === 'https:' ||
    (next?.protocol === 'http:' && (at.protocol === 'http:' || isLoopback(at.host)) && isLoopback(next.host))
  if (next && isSafe) return next
  throw brokenAnswer(story, `it redirects to ${untrusted(placeOf(next, location), 200)}, which is not followed`)
}

/** Without what may be a signature. */
function placeOf(url: URL | undefined, text: string): string {
  return url ? `${url.origin}${url.pathname}` : text
}

function isRefusal({ status }: HttpResponse): boolean {
  return status >= 400 && status !== 404 && status !== 410 && status !== 416
}

/** Another registry asks for a login of its own; a storage takes only what the registry has signed. */
function refusedElsewhere(at: URL, { status }: HttpResponse, { registry, doing }: ExchangeStory): BagboyError {
  const place = untrusted(placeOf(at, ''), 200)
  const message = `${registry} redirects to ${place}, which answered ${status} while ${doing}`
  return new BagboyError(status < 500 ? 'REGISTRY_FORBIDDEN' : 'REGISTRY_BROKEN', message, {
    hint: isRegistry(at)
      ? `Name that registry in bagboy.yaml instead: ${untrusted(at.host, 200)}`
      : 'Look whether that address can be reached from here, also through your proxy.',
    details: { status, ...storageOf(at) },
  })
}

function atStorage(error: unknown, at: URL): unknown {
  if (!(error instanceof BagboyError)) return error
  const { code, message, hint, details, cause } = error
  const known = isJsonObject(details) ? details : {}
  return new BagboyError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...known, ...storageOf(at) },
    cause,
  })
}

function storageOf(at: URL): { readonly storage?: string } {
  return isRegistry(at) ? {} : { storage: at.host }
}

/** Another registry has the address of one; a storage has those of its own. */
function isRegistry({ pathname }: URL): boolean {
  return pathname.startsWith('/v2/')
}

/** Whether an error is about the place where the registry keeps a part, and not about the registry. Pure. */
export function isStorage(details: Json | undefined): boolean {
  return isJsonObject(details) && 'storage' in details
}
