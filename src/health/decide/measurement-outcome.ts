import type { AnalysisCheck, Measurement } from '../../domain/health/analysis.ts'
import { inUnit } from './limit-value.ts'

export interface MeasurementOutcome {
  readonly outcome: 'success' | 'failure' | 'inconclusive' | 'error'
  /** In words; empty for a success. */
  readonly why: string
}

/**
 * What one measurement says. A value fails below `min`, or above every upper limit that is given (`max`,
 * `max_ratio_to_baseline`): each of them alone may be meaningless where little happens. Pure.
 */
export function measurementOutcome(check: AnalysisCheck, measurement: Measurement): MeasurementOutcome {
  const { value, samples, error, why } = measurement
  if (error !== '') return { outcome: 'error', why: error }
  if (measurement.partial !== undefined) return { outcome: 'inconclusive', why: measurement.partial }
  if (value === null) return withoutData(check, why)
  if (check.minSamples > 0 && (samples === null || samples < check.minSamples)) {
    const count = samples === null ? 'an unknown number' : String(samples)
    return { outcome: 'inconclusive', why: `${count} of ${check.minSamples} samples` }
  }
  if (check.min !== null && inUnit(value, check.min.unit) < check.min.value) {
    return { outcome: 'failure', why: 'below its minimum' }
  }
  return aboveLimits(check, value, measurement.baseline)
}

function withoutData({ onNoData }: AnalysisCheck, why: string): MeasurementOutcome {
  const outcomes = { inconclusive: 'inconclusive', pass: 'success', fail: 'failure' } as const
  return { outcome: outcomes[onNoData], why }
}

function aboveLimits(
  { max, maxRatioToBaseline }: AnalysisCheck,
  value: number,
  baseline: number | null,
): MeasurementOutcome {
  const isAboveMax = max === null ? undefined : inUnit(value, max.unit) > max.value
  const isAboveBaseline =
    maxRatioToBaseline === null || baseline === null ? undefined : value > maxRatioToBaseline * baseline
  if (isAboveMax === false || isAboveBaseline === false) return { outcome: 'success', why: '' }
  if (maxRatioToBaseline !== null && isAboveBaseline === undefined) {
    return { outcome: 'inconclusive', why: 'there is no baseline to compare with' }
  }
  if (isAboveMax === undefined && isAboveBaseline === undefined) return { outcome: 'success', why: '' }
  return { outcome: 'failure', why: isAboveBaseline === true ? 'above its limit and its baseline' : 'above its limit' }
}
