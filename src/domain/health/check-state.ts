import type { HealthSample, HealthVerdict } from './health-sample.ts'

/** What a check says about its copy, over rounds: single ones may be chance. */
export interface CheckState {
  readonly state: HealthVerdict
  /** Since when, RFC 3339; `null` before the first round. */
  readonly since: string | null
  /** Rounds of the same verdict in a row, now. */
  readonly run: number
  readonly last: HealthVerdict | null
}

export const NO_ROUND_YET: CheckState = { state: 'unknown', since: null, run: 0, last: null }

export interface StateThresholds {
  readonly failureThreshold: number
  readonly successThreshold: number
}

/**
 * The state after one more round. Passing and failing take as many rounds as the check says, the first known state
 * takes one, and rounds without an answer make it unknown as slowly as failing ones would. Pure.
 */
export function nextCheckState(before: CheckState, sample: HealthSample, thresholds: StateThresholds): CheckState {
  const run = before.last === sample.verdict ? before.run + 1 : 1
  const needed = sample.verdict === 'passing' ? thresholds.successThreshold : thresholds.failureThreshold
  const isFirst = before.since === null || before.state === 'unknown'
  const isReached = run >= needed || (isFirst && sample.verdict !== 'unknown')
  if (!isReached || sample.verdict === before.state) {
    return { ...before, run, last: sample.verdict, since: before.since ?? sample.at }
  }
  return { state: sample.verdict, since: sample.at, run, last: sample.verdict }
}
