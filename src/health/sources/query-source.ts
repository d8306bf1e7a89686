import type { z } from 'zod'
import { sanitize } from '../../domain/text/sanitize.ts'
import { parseJson } from '../../domain/text/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts'

/** Of an answer of a metric source: a number and what belongs to it. */
const MAX_BYTES = 1024 * 1024

type SourceRequest = Omit<HttpRequest, 'maxBytes' | 'pool'>

/** The method is not taken: what stands before the source lets nothing but reads through. */
const WRONG_METHOD = new Set([405, 501])

interface Query {
  /** Of the source. */
  readonly name: string
  readonly request: SourceRequest
  /** Sent where the method of `request` is not taken. */
  readonly instead?: SourceRequest
}

/** Sends a query, and takes the answer apart. @throws METRICS_REJECTED, REGISTRY_* */
export async function querySource<T>(
  { name, request, instead }: Query,
  schema: z.ZodType<T>,
  { http }: Pick<Platform, 'http'>,
  signal: AbortSignal,
): Promise<T> {
  const send = (one: SourceRequest): Promise<HttpResponse> =>
    http({ ...one, pool: `metrics ${name}`, maxBytes: MAX_BYTES, isGuarded: true, isRepeatable: true }, signal)
  const first = await send(request)
  const response = instead && WRONG_METHOD.has(first.status) ? await send(instead) : first
  const parsed = schema.safeParse(parseJson(response.body))
  if (parsed.success) return parsed.data
  throw rejected(name, `${response.status}, ${whatItIs(response)}`)
}

function whatItIs({ status, headers }: HttpResponse): string {
  const location = headers['location']
  if (status === 401) return 'and the answer is none of a metric source: it wants a login, which its headers carry'
  if (status >= 300 && status < 400 && location !== undefined) return `it is somewhere else: ${location}`
  return 'and the answer is none of a metric source'
}

/** A source that refused the query, or an answer that is not understood. */
export function rejected(name: string, what: string): BagboyError {
  return new BagboyError('METRICS_REJECTED', `${sanitize(name, 100)}: ${sanitize(what, 500)}`, {
    hint: 'Try the query in the source itself, then correct it in bagboy.yaml.',
  })
}
