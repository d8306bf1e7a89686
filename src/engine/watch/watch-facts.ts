import type { Config } from '../../config/config.ts'
import type { AnalysisPlan, Measurement } from '../../domain/health/analysis.ts'
import type { HealthSample } from '../../domain/health/health-sample.ts'
import { fillPlaceholders, type PlaceholderValues } from '../../domain/text/placeholders.ts'
import { createRing, type Ring } from '../../health/ring.ts'
import type { ProbeRounds, Reading, TriggerFacts } from '../../health/decide/trigger-facts.ts'
import type { Probe } from '../../health/probe.ts'
import type { WatchSubjects } from './watch-subjects.ts'

/** What a watch has seen and decisions look at: bounded, however long it goes on. */
export interface WatchFacts {
  readonly addSample: (sample: HealthSample) => void
  readonly addMeasurement: (measurement: Measurement) => void
  /** The rates of the probes are looked at now. */
  readonly markEvaluation: () => void
  readonly probes: () => readonly ProbeRounds[]
  readonly facts: () => TriggerFacts
  readonly measurementsOf: (check: string) => readonly Measurement[]
  /** Over how long the requests behind a check are counted, ms. */
  readonly windowFor: (check: string) => number
}

const METRIC_WINDOW_MS = 300_000
/** Rounds of a probe that are kept at least: more than any trigger needs in a row. */
const LEAST_ROUNDS = 64
const MOST_ROUNDS = 20_000

export function createWatchFacts(
  { health }: Pick<Config, 'health'>,
  { live, values }: Pick<WatchSubjects, 'live' | 'values'>,
  elapsedMs: () => number,
): WatchFacts {
  const { triggers } = health
  const analysis = withAskedQueries(health.analysis, values)
  const conditions = triggers.flatMap((rule) => rule.conditions)
  const windows = conditions.map((one) => ('windowMs' in one ? (one.windowMs ?? METRIC_WINDOW_MS) : 0))
  const evaluations = createRing<number>(16)
  const known = new WeakMap<object, Map<number, Reading>>()
  const measurements = new Map<string, Ring<Measurement>>()
  for (const check of analysis.checks) {
    const count = Math.ceil(Math.max(analysis.windowMs, ...windows) / Math.min(analysis.intervalMs, ERROR_RETRY_MS))
    measurements.set(check.name, createRing(clamp(count)))
  }
  const longestMs = Math.max(METRIC_WINDOW_MS, ...windows) + 16 * analysis.intervalMs
  const rings = new Map(live.map((probe) => [probe.id, createRing<HealthSample>(roundsFor(probe, longestMs))]))
  const probes = live.map((probe): ProbeRounds => ({
    probe: probe.id,
    check: probe.check.name,
    severity: probe.check.severity,
    samples: rings.get(probe.id)?.items ?? [],
  }))
  const measured = (): TriggerFacts['measurements'] =>
    Object.fromEntries([...measurements].map(([name, ring]) => [name, ring.items]))
  return {
    addSample: (sample) => rings.get(sample.probe)?.push(sample),
    addMeasurement: (measurement) => measurements.get(measurement.check)?.push(measurement),
    markEvaluation: () => evaluations.push(elapsedMs()),
    probes: () => probes,
    measurementsOf: (check) => measurements.get(check)?.items ?? [],
    windowFor(check) {
      const asking = conditions.filter((one) => 'check' in one && one.check === check)
      return Math.max(0, ...asking.map((one) => ('windowMs' in one ? (one.windowMs ?? 0) : 0))) || METRIC_WINDOW_MS
    },
    facts: () => ({
      nowMs: elapsedMs(),
      probes,
      evaluationsMs: evaluations.items,
      known,
      analysis,
      measurements: measured(),
    }),
  }
}

/** What is kept as evidence is what was asked. */
function withAskedQueries(analysis: AnalysisPlan, values: PlaceholderValues): AnalysisPlan {
  const checks = analysis.checks.map((check) => ({ ...check, query: fillPlaceholders(check.query, values).text }))
  return { ...analysis, checks }
}

/** A source that could not be asked is asked again this soon. */
export const ERROR_RETRY_MS = 10_000

function roundsFor({ check }: Probe, longestMs: number): number {
  return clamp(Math.ceil(longestMs / check.intervalMs))
}

function clamp(count: number): number {
  return Math.min(MOST_ROUNDS, Math.max(LEAST_ROUNDS, count))
}
