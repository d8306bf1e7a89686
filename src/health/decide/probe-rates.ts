import { countedLatencyMs, type HealthSample } from '../../domain/health/health-sample.ts'
import { quantile } from '../../domain/health/quantile.ts'

export interface ProbeRate {
  /** `null` = no probe was made. */
  readonly value: number | null
  /** Rounds in which the application was asked. */
  readonly samples: number
}

/** Rounds that ended in (`nowMs` − `windowMs`, `nowMs`] and in which the application was asked. Pure. */
export function roundsWithin(
  samples: readonly HealthSample[],
  windowMs: number,
  nowMs: number,
): readonly HealthSample[] {
  return samples.filter(({ atMs, verdict }) => atMs <= nowMs && atMs > nowMs - windowMs && verdict !== 'unknown')
}

/** The share of rounds that failed. Pure. */
export function failedShare(rounds: readonly HealthSample[]): ProbeRate {
  const failed = rounds.filter(({ verdict }) => verdict === 'failing').length
  return { value: rounds.length === 0 ? null : failed / rounds.length, samples: rounds.length }
}

/** A quantile of how long rounds took, in seconds; one that failed counts as its whole time. Pure. */
export function latencyQuantile(rounds: readonly HealthSample[], share: number): ProbeRate {
  const ms = quantile(rounds.map(countedLatencyMs), share)
  return { value: ms === undefined ? null : ms / 1000, samples: rounds.length }
}
