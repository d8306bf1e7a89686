import { durationText } from '../../domain/text/duration.ts'
import type { Deployment, HealthRecord } from '../../domain/deployment.ts'
import type { ReleaseVerdict } from '../../events/watch-events.ts'
import type { WatchView } from '../../events/project-watch.ts'
import { judgeAnalysis, type AnalysisEnd, type AnalysisState } from '../../health/decide/judge-analysis.ts'
import { judgeRelease, type ReleaseJudgement } from '../../health/decide/judge-release.ts'
import { decideTrigger } from '../../health/decide/decide-trigger.ts'
import type { TriggerRule } from '../../domain/health/trigger.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { WatchContext } from './watch-context.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'
import type { WatchLock } from './watch-lock.ts'

/** A check that never came right again, where the file names no trigger. */
const DEFAULT_RULE: TriggerRule = {
  number: 1,
  conditions: [{ kind: 'health_check_failures', max: 3, forCount: 1, windowMs: null, minSamples: 0, check: null }],
}

/** What the window says of the version so far, or, when it is over, in the end. Pure but for what it looks at. */
export function judgeWindow({ parts, seen, recorder }: WatchContext, isOver: boolean): ReleaseJudgement {
  const { triggers, analysis } = parts.config.health
  const decision = decideTrigger(triggers.length === 0 ? [DEFAULT_RULE] : triggers, seen.facts())
  const checks = recorder.view.probes.filter(({ role, severity }) => role === 'live' && severity === 'critical')
  const end: AnalysisEnd = isOver ? 'over' : 'running'
  const counting = analysis.checks.filter(({ isDryRun }) => !isDryRun)
  return judgeRelease({
    decision,
    checks: Object.fromEntries(checks.map((one) => [one.probe, one.state])),
    analyses: Object.fromEntries(
      counting.map((check): [string, AnalysisState] => [
        check.name,
        judgeAnalysis(check, seen.measurementsOf(check.name), { end, isBounded: true }),
      ]),
    ),
    isOver,
  })
}

export interface HealthVerdictFacts {
  readonly deploymentId: number
  readonly verdict: ReleaseVerdict
  readonly watchedMs: number
  readonly view: WatchView
}

/**
 * Writes what a window found into its entry of the history, unless that version is not live any more or nothing was
 * found.
 * @returns the entry's id, or `null` when none was written
 * @throws LOCK_LOST when `lock` has another owner by now
 */
export async function recordVerdict(
  parts: Pick<EngineParts, 'history' | 'actor'>,
  facts: HealthVerdictFacts,
  lock?: WatchLock,
): Promise<number | null> {
  const { deploymentId, verdict } = facts
  if (verdict === 'unknown') return null
  let isWritten = false
  await parts.history.commit(
    ({ history }) => {
      const entry = history.deployments.find(({ id }) => id === deploymentId)
      isWritten = entry?.status === 'active'
      return entry && isWritten ? [verdictEdit(entry, facts)] : []
    },
    { run: '', epoch: lock?.epoch ?? 0, purpose: `health ${verdict}`, actor: parts.actor },
    lock && (() => lock.assertHeld()),
  )
  return isWritten ? deploymentId : null
}

function verdictEdit({ id, ...entry }: Deployment, { verdict, watchedMs, view }: HealthVerdictFacts): HistoryEdit {
  const healthChecks = view.probes.filter(({ role }) => role === 'live').map(recordOf)
  const deployment = { ...entry, healthVerdict: verdict, healthWatched: durationText(watchedMs), healthChecks }
  return { kind: 'replace', id, deployment }
}

function recordOf({ check, state, severity }: WatchView['probes'][number]): HealthRecord {
  const record = { label: check, status: state.state }
  return severity === 'warning' ? { ...record, severity } : record
}
