import { durationText } from '../../domain/duration.ts'
import type { HealthSample } from '../../domain/health-sample.ts'
import type { Condition, ConditionState } from '../../domain/trigger.ts'
import { probesOf, type ProbeRounds, type TriggerFacts } from './trigger-facts.ts'

type FailuresCondition = Extract<Condition, { kind: 'health_check_failures' }>

interface FailureRun {
  readonly probe: ProbeRounds | undefined
  /** Failing rounds in a row, now. */
  readonly count: number
  readonly wasAsked: boolean
  readonly last: HealthSample | undefined
}

/**
 * Where failing rounds in a row stand: met at `max` of them (≥), in so many evaluations running. Rounds in which the
 * application could not be asked are passed over: they neither count nor end a row. Pure.
 */
export function failuresState(condition: FailuresCondition, facts: TriggerFacts): ConditionState {
  const { max, forCount, windowMs, minSamples } = condition
  const probes = probesOf(facts, condition.check)
  const oldestMs = windowMs === null ? Number.NEGATIVE_INFINITY : facts.nowMs - windowMs
  const runs = probes.map((probe) => failureRun(probe, oldestMs))
  const worst = runs.reduce<FailureRun>((most, run) => (run.count > most.count ? run : most), NONE)
  const samples = minSamples === 0 ? null : countAsked(probes, oldestMs)
  const wasAsked = runs.some((run) => run.wasAsked)
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

const NONE: FailureRun = { probe: undefined, count: 0, wasAsked: false, last: undefined }

/** From the newest round back to the first that passed: how long a watch has gone on does not matter. */
function failureRun(probe: ProbeRounds, oldestMs: number): FailureRun {
  let count = 0
  let last: HealthSample | undefined
  for (let at = probe.samples.length - 1; at >= 0; at -= 1) {
    const sample = probe.samples[at]
    if (!sample || sample.atMs <= oldestMs) break
    if (sample.verdict === 'passing') return { probe, count, wasAsked: true, last }
    if (sample.verdict === 'unknown') continue
    count += 1
    last ??= sample
  }
  return { probe, count, wasAsked: count > 0, last }
}

function countAsked(probes: readonly ProbeRounds[], oldestMs: number): number {
  const asked = probes.map(
    ({ samples }) => samples.filter(({ verdict, atMs }) => verdict !== 'unknown' && atMs > oldestMs).length,
  )
  return asked.reduce((sum, count) => sum + count, 0)
}
