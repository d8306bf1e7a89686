import type { AnalysisCheck, Measurement, MetricSource } from '../domain/health/analysis.ts'
import { durationText } from '../domain/text/duration.ts'
import { fillPlaceholders, type PlaceholderValues } from '../domain/text/placeholders.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { failedShare, latencyQuantile, roundsWithin } from './decide/probe-rates.ts'
import { probesOf, type ProbeRounds } from './decide/trigger-facts.ts'
import { judgeError } from './judge-error.ts'
import { queryDatadog } from './sources/datadog.ts'
import { NO_DATA, type MetricReading } from './sources/metric-reading.ts'
import { queryPrometheus } from './sources/prometheus.ts'

export interface MeasureContext {
  readonly platform: Platform
  readonly sources: readonly MetricSource[]
  readonly values: PlaceholderValues
  /** What our own probes found so far. */
  readonly probes: () => readonly ProbeRounds[]
  /** Over how long a check's probes are measured, ms. */
  readonly windowFor: (check: string) => number
}

/** One measurement. A source that cannot be asked, or refuses, is an error in it; that never counts as a failure. */
export async function measure(
  check: AnalysisCheck,
  context: MeasureContext,
  signal: AbortSignal,
): Promise<Measurement> {
  const { clock, secrets } = context.platform
  const at = clock.now()
  try {
    const { partial, note, ...found } = await readAll(check, context, signal)
    return {
      check: check.name,
      at,
      atMs: clock.elapsedMs(),
      ...found,
      why: secrets.mask(found.why),
      error: '',
      ...(partial === undefined ? {} : { partial: secrets.mask(partial) }),
      ...(note === undefined ? {} : { note: secrets.mask(note) }),
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof BagboyError)) throw error
    const nothing = { value: null, samples: null, baseline: null, why: '' }
    const source = context.sources.find(({ name }) => name === check.source)
    return { check: check.name, at, atMs: clock.elapsedMs(), ...nothing, error: secrets.mask(problemOf(error, source)) }
  }
}

/** The reason first: it stands in a narrow column. */
function problemOf(error: BagboyError, source: MetricSource | undefined): string {
  if (!error.code.startsWith('REGISTRY_') || !source || source.type === 'probes') return error.message
  return `${judgeError(error, durationText(source.timeoutMs)).detail} at ${new URL(source.address).host}`
}

type Found = Pick<Measurement, 'value' | 'samples' | 'baseline' | 'why' | 'partial' | 'note'>

async function readAll(check: AnalysisCheck, context: MeasureContext, signal: AbortSignal): Promise<Found> {
  const source = context.sources.find(({ name }) => name === check.source)
  if (!source) throw new BagboyError('BUG', `The check ${check.name} has no source ${check.source}.`)
  if (source.type === 'probes') return measureProbes(check, context)
  const read = async (query: string): Promise<MetricReading> =>
    query === '' ? NO_DATA('') : readSource(source, query, context, signal)
  const [value, samples, baseline] = await Promise.all([
    read(check.query),
    check.samplesQuery === '' ? countOf(source.type, check.query, read) : read(check.samplesQuery),
    // What is not known of the baseline leaves it out, and the rest as it is.
    read(canFill(check.baselineQuery, context) ? check.baselineQuery : ''),
  ])
  const answers = [value, samples, baseline]
  const partial = answers.map((one) => one.partial).find((text) => text !== '')
  const note = answers.map((one) => one.note).find((text) => text !== '')
  return {
    value: value.value,
    // A rate is made whole at the edges of its window; a count of requests is a whole number.
    samples: samples.value === null ? null : Math.round(samples.value),
    baseline: baseline.value,
    why: value.why,
    ...(partial === undefined ? {} : { partial }),
    ...(note === undefined ? {} : { note }),
  }
}

/**
 * The requests a value is about, where its query says that exactly. A count that is made from it and that the source does
 * not answer leaves the number unknown, and the value as it is.
 */
async function countOf(
  type: 'prometheus' | 'datadog',
  query: string,
  read: (query: string) => Promise<MetricReading>,
): Promise<MetricReading> {
  if (type !== 'prometheus') return NO_DATA('')
  const { requestCountQuery } = await import('../promql/request-count-query.ts')
  try {
    return await read(requestCountQuery(query) ?? '')
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'METRICS_REJECTED') throw error
    return NO_DATA(error.message)
  }
}

function canFill(query: string, { values }: MeasureContext): boolean {
  return fillPlaceholders(query, values).missing.length === 0
}

function measureProbes(check: AnalysisCheck, { probes, platform, windowFor }: MeasureContext): Found {
  const facts = { probes: probes() }
  const samples = probesOf(facts, null).flatMap((one) => one.samples)
  const rounds = roundsWithin(samples, windowFor(check.name), platform.clock.elapsedMs())
  const rate = check.quantile === null ? failedShare(rounds) : latencyQuantile(rounds, check.quantile)
  return { ...rate, baseline: null, why: rate.value === null ? 'no round yet' : '' }
}

async function readSource(
  source: Exclude<MetricSource, { type: 'probes' }>,
  query: string,
  { values, platform }: MeasureContext,
  signal: AbortSignal,
): Promise<MetricReading> {
  const { text, missing } = fillPlaceholders(query, values)
  if (missing.length > 0) {
    throw new BagboyError(
      'CONFIG_INVALID',
      `\${${missing.join('}, ${')}} is not known here, so ${source.name} is not asked`,
    )
  }
  return source.type === 'prometheus'
    ? queryPrometheus(source, text, platform, signal)
    : queryDatadog(source, text, platform, signal)
}
