import { durationText } from '../domain/duration.ts'
import type { HttpCheck } from '../domain/health-check.ts'
import { fillSecrets } from '../platform/fill-secrets.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { HttpRequest, HttpResponse, Platform } from '../platform/platform.ts'
import { httpDifference } from './http-difference.ts'
import { isRead } from './is-read.ts'
import { judgeError } from './judge-error.ts'
import type { Answer } from './probe.ts'

/** Of the body, in the evidence. */
const SHOWN_CHARACTERS = 1000

/** One request; redirects are answers like others and are not followed. Never throws for what the application does. */
export async function askHttp(
  check: HttpCheck,
  pool: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<Answer> {
  const { clock, http } = platform
  const asked = `${check.method} ${withoutSecrets(check.url)}`
  const startMs = clock.elapsedMs()
  try {
    const request = await requestOf(check, platform)
    const sentMs = clock.elapsedMs()
    const response = await http({ ...request, pool }, signal)
    const latencyMs = clock.elapsedMs() - sentMs
    const wrong = httpDifference(check.expect, response, latencyMs)
    return {
      verdict: wrong === undefined ? 'passing' : 'failing',
      latencyMs,
      detail: wrong ?? String(response.status),
      evidence: `${asked}\n${response.status} in ${Math.round(latencyMs)} ms\n${bodyText(response)}`.trimEnd(),
    }
  } catch (error) {
    if (signal.aborted) throw error
    const { verdict, detail } = judgeError(error, durationText(check.timeoutMs))
    return { verdict, latencyMs: clock.elapsedMs() - startMs, detail, evidence: `${asked}\n${detail}` }
  }
}

/** @throws NOT_TRUSTED for what is no anonymous read */
async function requestOf(check: HttpCheck, platform: Platform): Promise<HttpRequest> {
  if (!isRead(check.method) && !platform.trust.isGiven()) throw notTrusted(`${check.method} was not sent`)
  const headers = Object.entries(check.headers).map(
    async ([name, value]) => [name, await fillSecrets(value, platform)] as const,
  )
  return {
    method: check.method,
    url: await fillSecrets(check.url, platform),
    headers: Object.fromEntries(await Promise.all(headers)),
    ...(check.body === '' ? {} : { body: await fillSecrets(check.body, platform) }),
    timeoutMs: check.timeoutMs,
    isGuarded: true,
    ...(check.isFreshConnection ? { isFresh: true } : {}),
  }
}

function bodyText({ body }: HttpResponse): string {
  // One character takes at most four bytes.
  return new TextDecoder().decode(body.subarray(0, SHOWN_CHARACTERS * 4)).slice(0, SHOWN_CHARACTERS)
}

/** User names, passwords and query strings may be credentials. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text.split(/[?#]/u, 1)[0] ?? ''
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname}`
}
