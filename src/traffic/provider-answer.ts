import { sanitize } from '../domain/text/sanitize.ts'
import { parseJson } from '../domain/text/parse-json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { HttpRequest, HttpResponse, Secrets } from '../platform/platform.ts'
import { readSecret } from '../platform/secret.ts'
import type { TrafficContext } from './provider.ts'

/** Of a foreign body, in characters. */
const EXCERPT_LENGTH = 300

type Context = TrafficContext<{ readonly credentials?: string | undefined }>

/** What an error about an answer has to tell, apart from the answer. */
export interface ApiCall extends Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  readonly title: string
  /** As it continues "while …". */
  readonly doing: string
  /** What helps when there is no such thing. */
  readonly missing: string
}

/** An answer that is none of an error, and what may not be repeated from it. */
interface ApiAnswer {
  readonly body: unknown
  readonly trailers: Readonly<Record<string, string>>
}

/** One request to the API of a balancer. @throws REGISTRY_* */
export async function callApi(context: Context, call: ApiCall): Promise<ApiAnswer> {
  const { platform, options, signal, timeoutMs, fence } = context
  const login = options.credentials === undefined ? undefined : await readSecret(options.credentials, platform)
  if (login !== undefined) platform.secrets.add(login.slice(login.indexOf(':') + 1))
  const authorization = login === undefined ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` }
  const beforeSend = call.method === 'GET' ? undefined : await fence?.()
  const { method, url, body } = call
  const answer = await platform.http(
    {
      method,
      url,
      timeoutMs,
      headers: { ...call.headers, ...authorization },
      ...(body === undefined ? {} : { body }),
      ...(beforeSend === undefined ? {} : { beforeSend }),
    },
    signal,
  )
  if (answer.status >= 300) throw answerError(answer, call, platform.secrets)
  return {
    body: answer.body.length === 0 ? undefined : readBody(answer, call, platform.secrets),
    trailers: answer.trailers ?? {},
  }
}

function readBody({ body }: HttpResponse, { title, doing }: ApiCall, secrets: Secrets): unknown {
  const parsed = parseJson(body)
  if (parsed !== undefined) return parsed
  throw new BagboyError('REGISTRY_BROKEN', `${title} sent no JSON while ${doing}: ${excerptOf(body, secrets)}`, {
    hint: `Check that this is the address of the API of ${title} and that no proxy answers in its place.`,
  })
}

function answerError({ status, body }: HttpResponse, call: ApiCall, secrets: Secrets): BagboyError {
  const { code, hint } = meaningOf(status, call)
  const said = excerptOf(body, secrets)
  const message = `${call.title} answered ${status} while ${call.doing}${said === '' ? '' : `: ${said}`}`
  return new BagboyError(code, message, { hint, details: { status } })
}

function meaningOf(status: number, { title, method, missing }: ApiCall): { code: ErrorCode; hint: string } {
  switch (status) {
    case 401:
      return { code: 'REGISTRY_UNAUTHORIZED', hint: 'Say where the login is: credentials: ${env:NAME}' }
    case 403:
      return { code: 'REGISTRY_FORBIDDEN', hint: `Let this host and these credentials use the API of ${title}.` }
    case 404:
      return { code: 'REGISTRY_NOT_FOUND', hint: missing }
    case 409:
    case 412:
      return { code: 'REGISTRY_CONFLICT', hint: 'It was changed from outside in between; nothing was overwritten.' }
    case 429:
      return { code: 'REGISTRY_RATE_LIMITED', hint: 'Do it again later.' }
  }
  // A change that makes the server stumble was refused as a whole: what was there before still stands.
  if (method !== 'GET') return { code: 'REGISTRY_REJECTED', hint: `Look at what ${title} says; nothing was changed.` }
  return { code: 'REGISTRY_BROKEN', hint: `Look at the log of ${title}.` }
}

function excerptOf(body: Uint8Array, secrets: Secrets): string {
  const text = new TextDecoder().decode(body.subarray(0, 4 * EXCERPT_LENGTH)).trim()
  return sanitize(secrets.mask(text).replaceAll(/\s+/gu, ' '), EXCERPT_LENGTH)
}
