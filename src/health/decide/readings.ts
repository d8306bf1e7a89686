import { own } from '../../domain/text/own.ts'
import type { Condition } from '../../domain/health/trigger.ts'
import { inUnit } from './limit-value.ts'
import { failedShare, latencyQuantile, roundsWithin } from './probe-rates.ts'
import { probesOf, type Reading, type TriggerFacts } from './trigger-facts.ts'

export type RateCondition = Extract<Condition, { kind: 'error_rate_threshold' | 'response_time_threshold' }>

/** How long what a measurement says stays true when the condition names no window. */
const FRESH_MS = 300_000
const P95 = 0.95

/** The evaluations a condition may count, oldest first. Pure. */
export function readingsOf(condition: RateCondition, facts: TriggerFacts): readonly Reading[] {
  return condition.source === null ? probeReadings(condition, facts) : measuredReadings(condition, facts)
}

function probeReadings(condition: RateCondition, facts: TriggerFacts): readonly Reading[] {
  const known = facts.known?.get(condition) ?? new Map<number, Reading>()
  facts.known?.set(condition, known)
  const times = facts.evaluationsMs.slice(-condition.forCount)
  for (const atMs of known.keys()) if (!times.includes(atMs)) known.delete(atMs)
  return times.map((atMs) => {
    const reading = known.get(atMs) ?? probeReading(condition, facts, atMs)
    known.set(atMs, reading)
    return reading
  })
}

function probeReading(condition: RateCondition, facts: TriggerFacts, atMs: number): Reading {
  const samples = probesOf(facts, condition.check).flatMap((one) => one.samples)
  const rounds = roundsWithin(samples, condition.windowMs ?? FRESH_MS, atMs)
  const rate = condition.kind === 'error_rate_threshold' ? failedShare(rounds) : latencyQuantile(rounds, P95)
  const value = rate.value === null ? null : inUnit(rate.value, unitOf(condition))
  return { value, samples: rate.samples, why: value === null ? 'no round yet' : '' }
}

function measuredReadings(condition: RateCondition, facts: TriggerFacts): readonly Reading[] {
  const oldestMs = facts.nowMs - (condition.windowMs ?? FRESH_MS)
  return (own(facts.measurements, condition.check ?? '') ?? [])
    .filter(({ atMs }) => atMs > oldestMs)
    .slice(-condition.forCount)
    .map(({ value, samples, error, why, partial }) => ({
      value: value === null || error !== '' || partial !== undefined ? null : inUnit(value, unitOf(condition)),
      samples,
      why: error === '' ? (partial ?? why) : error,
    }))
}

export function unitOf({ kind }: RateCondition): 'ratio' | 'ms' {
  return kind === 'error_rate_threshold' ? 'ratio' : 'ms'
}

/** What is asked of the source of a condition, for the record; empty for probes. Pure. */
export function queryOf({ source, check }: RateCondition, facts: TriggerFacts): string {
  if (source === null) return ''
  return facts.analysis.checks.find(({ name }) => name === check)?.query ?? ''
}
