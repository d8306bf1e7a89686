import type { AnalysisPlan, Measurement } from '../../domain/health/analysis.ts'
import type { HealthSeverity } from '../../domain/health/health-check.ts'
import type { HealthSample } from '../../domain/health/health-sample.ts'

/** What a rate or a latency was at one evaluation. */
export interface Reading {
  /** In the unit of the condition's limit; `null` = no data. */
  readonly value: number | null
  readonly samples: number | null
  /** Why there is no value; empty when there is one. */
  readonly why: string
}

/** The rounds of one probe, oldest first. */
export interface ProbeRounds {
  readonly probe: string
  /** Name of its check. */
  readonly check: string
  readonly severity: HealthSeverity
  readonly samples: readonly HealthSample[]
}

/** Everything a decision may look at. Times are monotonic. */
export interface TriggerFacts {
  readonly nowMs: number
  readonly probes: readonly ProbeRounds[]
  /** When the rates of the probes were evaluated, oldest first. */
  readonly evaluationsMs: readonly number[]
  readonly analysis: AnalysisPlan
  /**
   * What probes were found to be at an evaluation, by condition and time: it never changes again, and is not worked out
   * anew for every round. Left out where nothing is to be remembered.
   */
  readonly known?: WeakMap<object, Map<number, Reading>>
  /** By name of the analysis check, oldest first. */
  readonly measurements: Readonly<Record<string, readonly Measurement[]>>
}

/** The probes a condition is about: those of one check, or all critical ones. Pure. */
export function probesOf(facts: Pick<TriggerFacts, 'probes'>, check: string | null): readonly ProbeRounds[] {
  return facts.probes.filter((one) => (check === null ? one.severity === 'critical' : one.check === check))
}
