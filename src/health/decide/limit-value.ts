import type { Limit } from '../../domain/health/analysis.ts'
import { durationText, ratioText } from '../../domain/text/duration.ts'

/** A measured value in the unit of a limit: sources give latencies in seconds. Pure. */
export function inUnit(value: number, unit: Limit['unit']): number {
  // To the microsecond: seconds times a thousand would not be the number that was divided by it.
  return unit === 'ms' ? Math.round(value * 1_000_000) / 1000 : value
}

/** A value of that unit in words. Pure. */
export function unitText(value: number, unit: Limit['unit']): string {
  if (unit === 'ratio') return ratioText(value)
  return unit === 'ms' ? durationText(value) : String(Number(value.toPrecision(6)))
}
