import { durationText } from '../../domain/text/duration.ts'
import type { ConditionResult, ConditionState } from '../../domain/health/trigger.ts'
import { unitText } from './limit-value.ts'
import { queryOf, readingsOf, unitOf, type RateCondition } from './readings.ts'
import type { Reading, TriggerFacts } from './trigger-facts.ts'

/** Where a share or a latency stands: met when it was greater than its limit in so many evaluations running. Pure. */
export function rateState(condition: RateCondition, facts: TriggerFacts): ConditionState {
  const readings = readingsOf(condition, facts)
  const newest = readings.at(-1)
  const unit = unitOf(condition)
  const over = trailingCount(readings, (reading) => judge(reading, condition) === 'over')
  return {
    kind: condition.kind,
    result: resultOf(newest, over, condition),
    done: over,
    needed: condition.forCount,
    threshold: unitText(condition.max, unit),
    comparison: '>',
    value: newest && newest.value !== null ? unitText(newest.value, unit) : '',
    samples: newest?.samples ?? null,
    window: condition.windowMs === null ? '' : durationText(condition.windowMs),
    source: condition.source ?? 'probes',
    check: condition.check ?? '',
    query: queryOf(condition, facts),
    note: noteOf(newest, condition),
  }
}

function judge({ value, samples }: Reading, { max, minSamples }: RateCondition): 'over' | 'under' | 'silent' {
  if (value === null) return 'silent'
  if (minSamples > 0 && (samples === null || samples < minSamples)) return 'silent'
  return value > max ? 'over' : 'under'
}

function resultOf(newest: Reading | undefined, over: number, condition: RateCondition): ConditionResult {
  if (!newest || judge(newest, condition) === 'silent') return 'inconclusive'
  return over >= condition.forCount ? 'met' : 'not-met'
}

function noteOf(newest: Reading | undefined, condition: RateCondition): string {
  if (!newest) return 'not evaluated yet'
  if (newest.value === null) return newest.why
  if (judge(newest, condition) !== 'silent') return ''
  const count = newest.samples === null ? 'an unknown number' : String(newest.samples)
  return `${count} of ${condition.minSamples} samples`
}

export function trailingCount<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const last = items.findLastIndex((item) => !holds(item))
  return items.length - 1 - last
}
