import { durationText } from '../../domain/duration.ts'
import type { HealthSample } from '../../domain/health-sample.ts'
import type { Condition, ConditionState } from '../../domain/trigger.ts'
import { probesOf, type ProbeRounds, type TriggerFacts } from './trigger-facts.ts'

type FailuresCondition = Extract<Condition, { kind: 'health_check_failures' }>

interface FailureRun {
  readonly probe: ProbeRounds | undefined
  /** Failing rounds in a row, now. */
  readonly count: number
  /** Rounds in which the application was asked. */
  readonly askedCount: number
  readonly last: HealthSample | undefined
}

/**
 * Where failing rounds in a row stand: met at `max` of them (≥), in so many evaluations running. Rounds in which the
 * application could not be asked are passed over: they neither count nor end a row. Pure.
 */
export function failuresState(condition: FailuresCondition, facts: TriggerFacts): ConditionState {
  const { max, forCount, windowMs, minSamples } = condition
  const runs = probesOf(facts, condition.check).map((probe) => failureRun(probe, windowMs, facts.nowMs))
  const worst = runs.reduce<FailureRun>((most, run) => (run.count > most.count ? run : most), NONE)
  const askedCount = runs.reduce((sum, run) => sum + run.askedCount, 0)
  const needed = max + forCount - 1
  const isSilent = askedCount === 0 || askedCount < minSamples
  return {
    kind: condition.kind,
    result: isSilent ? 'inconclusive' : worst.count >= needed ? 'met' : 'not-met',
    done: Math.min(worst.count, needed),
    needed,
    threshold: String(max),
    comparison: '≥',
    value: String(worst.count),
    samples: askedCount,
    window: windowMs === null ? '' : durationText(windowMs),
    source: 'probes',
    check: worst.probe?.probe ?? condition.check ?? '',
    query: '',
    note: worst.last?.detail ?? (askedCount === 0 ? 'no round yet' : ''),
  }
}

const NONE: FailureRun = { probe: undefined, count: 0, askedCount: 0, last: undefined }

function failureRun(probe: ProbeRounds, windowMs: number | null, nowMs: number): FailureRun {
  const oldestMs = windowMs === null ? Number.NEGATIVE_INFINITY : nowMs - windowMs
  const asked = probe.samples.filter(({ atMs, verdict }) => verdict !== 'unknown' && atMs > oldestMs)
  const lastPassing = asked.findLastIndex(({ verdict }) => verdict === 'passing')
  const count = asked.length - 1 - lastPassing
  return { probe, count, askedCount: asked.length, last: count === 0 ? undefined : asked.at(-1) }
}
