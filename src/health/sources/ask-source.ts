import type { z } from 'zod'
import { untrusted } from '../../domain/display.ts'
import { parseJson } from '../../domain/parse-json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HttpRequest, Platform } from '../../platform/platform.ts'

/** Of an answer of a metric source: a number and what belongs to it. */
const MAX_BYTES = 1024 * 1024

/** Sends a query, and takes the answer apart. @throws METRICS_REJECTED, REGISTRY_* */
export async function askSource<T>(
  name: string,
  request: Omit<HttpRequest, 'maxBytes' | 'pool'>,
  schema: z.ZodType<T>,
  { http }: Pick<Platform, 'http'>,
  signal: AbortSignal,
): Promise<T> {
  const response = await http(
    { ...request, pool: `metrics ${name}`, maxBytes: MAX_BYTES, isGuarded: true, isRepeatable: true },
    signal,
  )
  const parsed = schema.safeParse(parseJson(response.body))
  if (parsed.success) return parsed.data
  throw rejected(name, `${response.status}, and the answer is none of a metric source`)
}

/** A source that understood and refused, or that nobody understands. */
export function rejected(name: string, what: string): BagboyError {
  return new BagboyError('METRICS_REJECTED', `${untrusted(name, 100)}: ${untrusted(what, 500)}`, {
    hint: 'Try the query in the source itself, then correct it in bagboy.yaml.',
  })
}
