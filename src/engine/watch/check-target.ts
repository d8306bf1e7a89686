import type { AnalysisCheck, Measurement } from '../../domain/health/analysis.ts'
import type { HealthSample } from '../../domain/health/health-sample.ts'
import type { ConditionState, RuleState } from '../../domain/health/trigger.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Comparison } from '../../events/watch-events.ts'
import { inUnit, unitText } from '../../health/decide/limit-value.ts'
import { measurementOutcome } from '../../health/decide/measurement-outcome.ts'
import { runRound } from '../../health/run-round.ts'
import type { WatchContext } from './watch-context.ts'

export interface TargetCheck {
  readonly samples: readonly HealthSample[]
  readonly comparisons: readonly Comparison[]
  /** Why the target must not be gone to by itself; `undefined` when nothing speaks against it. */
  readonly refusal: BagboyError | undefined
}

/** Asks the version to go back to, and holds what is live against what was live before. Changes nothing. */
export async function checkTarget(context: WatchContext, rule: RuleState, signal: AbortSignal): Promise<TargetCheck> {
  const { subjects, health } = context
  const samples = await Promise.all(subjects.standby.map((probe) => runRound(probe, health, 0, signal)))
  const probed = compareProbes(context, samples)
  const measured = rule.conditions.flatMap((condition) => compareBaseline(context, condition))
  const comparisons = [...probed, ...measured]
  return { samples, comparisons, refusal: refusalOf(context, { samples, comparisons }) }
}

/** A check that fails on both versions says that the version is not to blame. */
function compareProbes({ subjects, recorder }: WatchContext, samples: readonly HealthSample[]): readonly Comparison[] {
  return samples.flatMap((sample) => {
    const probe = subjects.standby.find(({ id }) => id === sample.probe)
    const live = recorder.view.probes.find((one) => one.role === 'live' && one.check === probe?.check.name)
    const last = live?.samples.at(-1)
    if (probe?.check.severity !== 'critical' || last?.verdict !== 'failing') return []
    return [
      {
        what: probe.check.name,
        live: last.detail,
        other: sample.detail,
        isOtherBad: sample.verdict === 'failing',
      },
    ]
  })
}

function compareBaseline({ parts, seen }: WatchContext, condition: ConditionState): readonly Comparison[] {
  const check = parts.config.health.analysis.checks.find(({ name }) => name === condition.check)
  const newest = check && seen.measurementsOf(check.name).findLast(({ baseline }) => baseline !== null)
  if (!check || !newest || newest.value === null || newest.baseline === null) return []
  const unit = (check.max ?? check.min)?.unit ?? 'number'
  const text = (value: number): string => unitText(inUnit(value, unit), unit)
  return [
    {
      what: check.name,
      live: text(newest.value),
      other: text(newest.baseline),
      isOtherBad: isBad(check, newest, newest.baseline),
    },
  ]
}

/** Whether the baseline would have failed by the same limits. */
function isBad(check: AnalysisCheck, measurement: Measurement, baseline: number): boolean {
  const alone = { ...check, maxRatioToBaseline: null, minSamples: 0 }
  return measurementOutcome(alone, { ...measurement, value: baseline }).outcome === 'failure'
}

function refusalOf(
  { parts, subjects }: WatchContext,
  { samples, comparisons }: Pick<TargetCheck, 'samples' | 'comparisons'>,
): BagboyError | undefined {
  const { compareWithBaseline, requireHealthyTarget } = parts.config.health.auto
  const target = subjects.target?.version ?? ''
  const shared = comparisons.filter(({ isOtherBad }) => isOtherBad)
  if (compareWithBaseline && shared.length > 0) {
    const figures = shared.map(({ what, live, other }) => `${what}: ${live} now, ${other} on ${target}`).join('; ')
    return new BagboyError('NOT_THIS_DEPLOY', `This is probably not your deploy: ${target} is as bad. ${figures}.`, {
      hint: `Nothing was changed. Look for a cause that both versions share. To roll back all the same: bagboy-tui rollback ${target}`,
    })
  }
  const failing = samples.filter(({ verdict, probe }) => verdict === 'failing' && isCritical(subjects, probe))
  if (!requireHealthyTarget || failing.length === 0) return undefined
  const what = failing.map(({ probe, detail }) => `${probe}: ${detail}`).join('; ')
  return new BagboyError('TARGET_UNHEALTHY', `${target} fails its own checks, so it is not gone back to. ${what}.`, {
    hint: `Nothing was changed. Repair the target first, or choose another version: bagboy-tui rollback VERSION`,
  })
}

function isCritical({ standby }: WatchContext['subjects'], probe: string): boolean {
  return standby.find(({ id }) => id === probe)?.check.severity === 'critical'
}
