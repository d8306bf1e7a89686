import { z } from 'zod'
import type { MetricSource } from '../../domain/health/analysis.ts'
import { trimEnd } from '../../domain/text/trim-end.ts'
import { fillSecrets } from '../../platform/fill-secrets.ts'
import type { Platform } from '../../platform/platform.ts'
import { querySource, rejected } from './query-source.ts'
import { metricReading, NO_DATA, type MetricReading } from './metric-reading.ts'

/** A time and a value; Prometheus writes values as text so that NaN and Inf can be written. */
const point = z.tuple([z.number(), z.string()])

const texts = z.array(z.string()).nullish()

const answer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: point.optional() })) }),
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({ resultType: z.literal('matrix'), result: z.array(z.unknown()) }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
    // Prometheus, Thanos and Mimir: what could not be read, or was left out, of a query that was answered.
    warnings: texts,
    infos: texts,
    // VictoriaMetrics: a storage node did not answer.
    isPartial: z.boolean().nullish(),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
])

/**
 * The value of an instant query: `POST /api/v1/query`, which reads, or `GET` where that is not taken. NaN, Inf and an empty result are no data.
 * @throws METRICS_REJECTED for a query that is refused or that gives more than one value, REGISTRY_* without an answer
 */
export async function queryPrometheus(
  source: Extract<MetricSource, { type: 'prometheus' }>,
  query: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<MetricReading> {
  const headers = Object.entries(source.headers).map(
    async ([name, value]) => [name, await fillSecrets(value, platform)] as const,
  )
  const parameters = new URLSearchParams({ query }).toString()
  const address = queryAddress(source.address)
  const common = { headers: Object.fromEntries(await Promise.all(headers)), timeoutMs: source.timeoutMs }
  const found = await querySource(
    {
      name: source.name,
      request: {
        ...common,
        method: 'POST',
        url: address,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...common.headers },
        body: parameters,
      },
      instead: { ...common, method: 'GET', url: `${address}${address.includes('?') ? '&' : '?'}${parameters}` },
    },
    answer,
    platform,
    signal,
  )
  if (found.status === 'error') throw rejected(source.name, `${found.errorType}: ${found.error}`)
  return { ...readingOf(source.name, found.data), partial: partialOf(found), note: (found.infos ?? []).join('; ') }
}

/** Parameters of the address stay: Thanos takes `dedup` and `partial_response` there. */
function queryAddress(address: string): string {
  const [path = '', ...parameters] = address.split('?')
  return [`${trimEnd(path, '/')}/api/v1/query`, ...parameters].join('?')
}

/** A value that some of the data is missing from may be any other one. */
function partialOf({ warnings, isPartial }: Success): string {
  if (warnings && warnings.length > 0) return `the answer is not whole: ${warnings.join('; ')}`
  return isPartial === true ? 'the answer is partial: the source could not read all of its data' : ''
}

/** The usual reason is a counter that has not counted yet: its series is not there, and nothing divided by something is nothing. */
const NOTHING = 'the query gives nothing; where that means none, write (… or vector(0))'

type Success = Extract<z.infer<typeof answer>, { status: 'success' }>
type Result = Success['data']

function readingOf(name: string, data: Result): MetricReading {
  switch (data.resultType) {
    case 'scalar':
      return metricReading(toNumber(data.result[1]))
    case 'vector': {
      const [first, ...others] = data.result
      if (!first) return NO_DATA(NOTHING)
      if (others.length > 0)
        throw rejected(name, `the query gives ${data.result.length} values; make one of them: sum(…)`)
      if (!first.value) throw rejected(name, 'the query gives a histogram; make one value of it: histogram_quantile(…)')
      return metricReading(toNumber(first.value[1]))
    }
    case 'matrix':
    case 'string':
      throw rejected(name, `the query gives a ${data.resultType}, not one value`)
  }
}

/** `+Inf` is how Prometheus writes it. */
function toNumber(text: string): number {
  return Number(text.replace(/^([+-]?)Inf$/u, '$1Infinity'))
}
