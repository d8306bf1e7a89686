import { z } from 'zod'
import type { MetricSource } from '../../domain/health/analysis.ts'
import { fillSecrets } from '../../platform/fill-secrets.ts'
import type { Platform } from '../../platform/platform.ts'
import { querySource, rejected } from './query-source.ts'
import { metricReading, NO_DATA, type MetricReading } from './metric-reading.ts'

/** The newest point of so long is the value: the last ones may not have been written yet. */
const LOOK_BACK_SECONDS = 300

const point = z.tuple([z.number().nullable(), z.number().nullable()])

const answer = z.union([
  z.object({
    status: z.string(),
    error: z.string().optional(),
    series: z.array(z.object({ pointlist: z.array(point) })),
  }),
  z.object({ status: z.string(), error: z.string() }),
  z.object({ errors: z.array(z.string()).min(1) }),
])

/**
 * The newest value of a time series: `GET /api/v1/query`. A series without a point is no data.
 * @throws METRICS_REJECTED for a query that is refused or that gives several series, REGISTRY_* without an answer
 */
export async function queryDatadog(
  source: Extract<MetricSource, { type: 'datadog' }>,
  query: string,
  platform: Platform,
  signal: AbortSignal,
): Promise<MetricReading> {
  const to = Math.floor(Date.parse(platform.clock.now()) / 1000)
  const parameters = new URLSearchParams({ from: String(to - LOOK_BACK_SECONDS), to: String(to), query })
  const headers = {
    accept: 'application/json',
    'dd-api-key': await fillSecrets(source.apiKey, platform),
    'dd-application-key': await fillSecrets(source.appKey, platform),
  }
  const url = `${source.address}/api/v1/query?${parameters.toString()}`
  const found = await querySource(
    { name: source.name, request: { method: 'GET', url, headers, timeoutMs: source.timeoutMs } },
    answer,
    platform,
    signal,
  )
  if ('errors' in found) throw rejected(source.name, found.errors.join('; '))
  if (found.status !== 'ok' || !('series' in found)) throw rejected(source.name, found.error ?? found.status)
  const said = 'error' in found && found.error ? found.error : ''
  return {
    ...newestPoint(source.name, found.series),
    partial: said === '' ? '' : `the answer is not whole: ${said}`,
  }
}

function newestPoint(
  name: string,
  series: readonly { readonly pointlist: readonly z.infer<typeof point>[] }[],
): MetricReading {
  if (series.length > 1) throw rejected(name, `the query gives ${series.length} series; make one of them: sum:…`)
  const newest = series[0]?.pointlist.findLast(([, value]) => value !== null)
  return newest === undefined || newest[1] === null ? NO_DATA('the query gives nothing') : metricReading(newest[1])
}
