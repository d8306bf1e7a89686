import type { HttpResponse, Platform } from '../../platform/platform.ts'
import { parseRetryAfter } from '../../http-api/http-errors.ts'

/** How often a request waits for a limit of its server, and how long for each where the server does not say. */
const USUAL_WAITS_MS = [1000, 2000]
/** A longer wait is an error. */
const LONGEST_WAIT_MS = 5000

/** Sends a request that changes nothing, and sends it again when its server limits the rate (429). */
export async function waitOutLimit(
  send: () => Promise<HttpResponse>,
  { platform, signal }: { readonly platform: Platform; readonly signal: AbortSignal },
): Promise<HttpResponse> {
  for (const usualMs of USUAL_WAITS_MS) {
    const answer = await send()
    const askedMs = parseRetryAfter(answer.headers['retry-after'], answer.headers['date']) ?? usualMs
    if (answer.status !== 429 || askedMs > LONGEST_WAIT_MS) return answer
    await platform.clock.sleep(askedMs, signal)
  }
  return send()
}
