import { durationText } from '../../domain/text/duration.ts'
import type { HealthSample } from '../../domain/health/health-sample.ts'
import type { Condition, ConditionState } from '../../domain/health/trigger.ts'
import { probesOf, type ProbeRounds, type TriggerFacts } from './trigger-facts.ts'

type FailuresCondition = Extract<Condition, { kind: 'health_check_failures' }>

interface LongestRun {
  /** The first that has the longest row; `undefined` when none fails. */
  readonly probe: ProbeRounds | undefined
  /** Failing rounds in a row, now. */
  readonly count: number
  /** The newest of them. */
  readonly last: HealthSample | undefined
  /** Whether any of the probes could be asked at all. */
  readonly wasAsked: boolean
}

/**
 * Where failing rounds in a row stand: met at `max` of them (≥), in so many evaluations running. Rounds in which the
 * application could not be asked are passed over: they neither count nor end a row. Pure.
 */
export function failuresState(condition: FailuresCondition, facts: TriggerFacts): ConditionState {
  const { max, forCount, windowMs, minSamples } = condition
  const probes = probesOf(facts, condition.check)
  const oldestMs = windowMs === null ? Number.NEGATIVE_INFINITY : facts.nowMs - windowMs
  const worst = longestRun(probes, oldestMs)
  const samples = minSamples === 0 ? null : countAsked(probes, oldestMs)
  const { wasAsked } = worst
  const needed = max + forCount - 1
  const isSilent = !wasAsked || (samples !== null && samples < minSamples)
  return {
    kind: condition.kind,
    result: isSilent ? 'inconclusive' : worst.count >= needed ? 'met' : 'not-met',
    done: Math.min(worst.count, needed),
    needed,
    threshold: String(max),
    comparison: '≥',
    value: String(worst.count),
    samples,
    window: windowMs === null ? '' : durationText(windowMs),
    source: 'probes',
    check: worst.probe?.probe ?? condition.check ?? '',
    query: '',
    note: worst.last?.detail ?? (wasAsked ? '' : 'no round yet'),
  }
}

/** Looked at after every round of every probe, of which there may be thousands. */
function longestRun(probes: readonly ProbeRounds[], oldestMs: number): LongestRun {
  let longest: Omit<LongestRun, 'wasAsked'> = { probe: undefined, count: 0, last: undefined }
  let wasAsked = false
  for (const probe of probes) {
    const { samples } = probe
    let count = 0
    let last: HealthSample | undefined
    // From the newest round back to the first that passed: how long a watch has gone on does not matter.
    for (let at = samples.length - 1; at >= 0; at -= 1) {
      const sample = samples[at]
      if (!sample || sample.atMs <= oldestMs) break
      if (sample.verdict === 'unknown') continue
      wasAsked = true
      if (sample.verdict === 'passing') break
      count += 1
      last ??= sample
    }
    if (count > longest.count) longest = { probe, count, last }
  }
  return { ...longest, wasAsked }
}

function countAsked(probes: readonly ProbeRounds[], oldestMs: number): number {
  const asked = probes.map(
    ({ samples }) => samples.filter(({ verdict, atMs }) => verdict !== 'unknown' && atMs > oldestMs).length,
  )
  return asked.reduce((sum, count) => sum + count, 0)
}
