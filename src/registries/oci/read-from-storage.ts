import { sanitize } from '../../domain/text/sanitize.ts'
import { isJsonObject, type Json } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts'
import { addressOf, followRedirects } from '../../http-api/follow-redirects.ts'
import type { ErrorContext } from '../../http-api/http-errors.ts'

interface Reading {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly errorContext: ErrorContext
}

/**
 * Reads on where the registry sends us: to its storage, or to another registry.
 * @throws REGISTRY_BROKEN for an address that is not followed, and what the other host answers when it is of no use
 */
export async function readFromStorage(
  request: HttpRequest,
  first: HttpResponse,
  reading: Reading,
): Promise<HttpResponse> {
  const { answer, at } = await followRedirects(request, first, { ...reading, explain: atStorage })
  const isElsewhere = at.origin !== new URL(request.url).origin
  if (isElsewhere && isRefusal(answer)) throw refusedElsewhere(at, answer, reading.errorContext)
  return answer
}

function isRefusal({ status }: HttpResponse): boolean {
  return status >= 400 && status !== 404 && status !== 410 && status !== 416
}

/** Another registry asks for a login of its own; a storage takes only what the registry has signed. */
function refusedElsewhere(at: URL, { status }: HttpResponse, { registry, doing }: ErrorContext): BagboyError {
  const address = addressOf(at)
  const message = `${registry} redirects to ${address}, which answered ${status} while ${doing}`
  return new BagboyError(status < 500 ? 'REGISTRY_FORBIDDEN' : 'REGISTRY_BROKEN', message, {
    hint: isRegistry(at)
      ? `Name that registry in bagboy.yaml instead: ${sanitize(at.host, 200)}`
      : 'Look whether that address can be reached from here, also through your proxy.',
    details: { status, ...storageOf(at) },
  })
}

/** The error of a storage names it, so that it is told from one of the registry. */
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
