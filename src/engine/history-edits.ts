import type { Deployment, DeploymentStatus, History, PackageRecord, PackageStatus } from '../domain/deployment.ts'
import type { JsonObject } from '../domain/json.ts'
import type { PlanExclusion, RollbackPlan } from '../domain/plan.ts'
import type { RunResult } from '../events/events.ts'
import type { RunView, StepView } from '../events/project-run.ts'
import type { HistoryEdit } from '../history/history-store.ts'
import type { StepStatus } from '../machine/step-status.ts'

export interface HistoryFacts {
  readonly view: RunView
  readonly result: RunResult
  readonly actor: JsonObject
  readonly now: string
}

/**
 * What a finished (or partly finished) run changes in the history. Idempotent: a run that died after its commit finds its
 * own entry and changes nothing twice. Pure.
 */
export function historyEdits(history: History, facts: HistoryFacts): readonly HistoryEdit[] {
  const { view, result } = facts
  const own = history.deployments.find(({ run }) => run === view.id)
  const deployment = entryFor(history, facts)
  if (result === 'undone') {
    return own
      ? [{ kind: 'replace', id: own.id, deployment }, ...(own.status === 'active' ? takeBack(history, view) : [])]
      : []
  }
  if (own?.status === 'active') return wasAwaited(own) ? [{ kind: 'replace', id: own.id, deployment }] : []
  const entry: HistoryEdit = own ? { kind: 'replace', id: own.id, deployment } : { kind: 'insert', deployment }
  const isLeft = deployment.status === 'active'
  return isLeft ? [entry, ...leaveEdits(history, view), ...holdEdits(history, facts)] : [entry]
}

/** Written down while a person still had something to do. */
function wasAwaited({ packages }: Deployment): boolean {
  return packages.some(({ status }) => status === 'manual')
}

/** Only a run that moved every registry of the release makes its target the active version. */
function statusOf({ plan, steps }: RunView, result: RunResult): DeploymentStatus {
  if (result === 'undone') return 'failed'
  const isWhole =
    !plan.excluded.some(({ status }) => status === 'skipped') && !steps.some(({ status }) => status === 'skipped')
  return (result === 'complete' || result === 'manual') && isWhole ? 'active' : 'partial'
}

function leaveEdits(history: History, { plan, id }: RunView): readonly HistoryEdit[] {
  // A run that only brought registries back in line with the active version leaves nothing that is bad.
  const isBad = plan.kind !== 'undo' && plan.from !== plan.to
  const status = isBad ? 'rolled_back_from' : 'superseded'
  const left = history.deployments.filter((deployment) => deployment.run !== id && deployment.status === 'active')
  const edits: HistoryEdit[] = left.map((deployment) => ({ kind: 'set-status', id: deployment.id, status }))
  if (plan.kind !== 'undo') return edits
  // The version an undo brings back is no longer one that was rolled back from.
  const restored = history.deployments.filter(
    ({ version, status: was }) => version === plan.to && was === 'rolled_back_from',
  )
  return [
    ...edits,
    ...restored.map((deployment) => ({ kind: 'set-status', id: deployment.id, status: 'superseded' }) as const),
  ]
}

/** An earlier owner of the run had it complete and written down; then somebody took it over and undid it. */
function takeBack(history: History, { plan, id }: RunView): readonly HistoryEdit[] {
  const left = history.deployments.find(
    ({ version, status }) => version === plan.from && (status === 'rolled_back_from' || status === 'superseded'),
  )
  const isHeld = history.held.some(({ version, run }) => version === plan.from && run === id)
  return [
    ...(left ? [{ kind: 'set-status', id: left.id, status: 'active' } as const] : []),
    ...(isHeld ? [{ kind: 'lift-hold', version: plan.from } as const] : []),
  ]
}

function holdEdits(history: History, { view, actor, now }: HistoryFacts): readonly HistoryEdit[] {
  const { plan } = view
  const isHeld = (version: string) => history.held.some((hold) => hold.version === version)
  if (plan.kind === 'undo') return isHeld(plan.to) ? [{ kind: 'lift-hold', version: plan.to }] : []
  if (!plan.hold || isHeld(plan.from)) return []
  const by = typeof actor['user'] === 'string' ? { by: actor['user'] } : {}
  const reason = plan.reason === '' ? `rolled back to ${plan.to}` : plan.reason
  return [{ kind: 'hold', hold: { version: plan.from, reason, run: view.id, at: now, ...by } }]
}

function entryFor(history: History, { view, result, actor, now }: HistoryFacts): Omit<Deployment, 'id'> {
  const { plan } = view
  const target = history.deployments.find(({ id }) => id === plan.targetId)
  return {
    kind: plan.kind,
    version: plan.to,
    from: plan.from,
    run: view.id,
    timestamp: view.startedAt,
    finished: now,
    commit: target?.commit ?? '',
    environment: plan.environment,
    status: statusOf(view, result),
    actor,
    ...(plan.reason === '' ? {} : { reason: plan.reason }),
    ...(plan.incident === '' ? {} : { incident: plan.incident }),
    ...(plan.trigger === undefined ? {} : { trigger: plan.trigger }),
    pinned: false,
    packages: [
      ...view.steps.map((step) => packageOfStep(step, plan.kind)),
      ...plan.excluded.map((excluded) => packageOfExclusion(excluded, target)),
    ],
    healthChecks: [],
  }
}

const PACKAGE_STATUS: Readonly<Record<StepStatus, PackageStatus>> = {
  pending: 'skipped',
  checking: 'unknown',
  executing: 'unknown',
  verifying: 'unknown',
  done: 'deployed',
  already: 'already',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'unknown',
  conflict: 'failed',
  manual: 'manual',
  undone: 'rolled_back',
}

/** A step of an undo keeps the subject of the run it takes back: what it restores is pinned as its `from`. */
function packageOfStep(step: StepView, kind: RollbackPlan['kind']): PackageRecord {
  const { pin } = kind === 'undo' ? step.plan.from : step.plan.to
  return {
    ...step.plan.package,
    status: PACKAGE_STATUS[step.status],
    ...(pin === null ? {} : { ref: pin }),
    ...(step.before === null ? {} : { before: step.before }),
    ...(step.status === 'done' && step.finishedAt ? { verifiedAt: step.finishedAt, durationMs: step.durationMs } : {}),
  }
}

function packageOfExclusion({ package: ref, status }: PlanExclusion, target: Deployment | undefined): PackageRecord {
  const record = target?.packages.find(({ format, registry }) => format === ref.format && registry === ref.registry)
  return { ...ref, status, ...(record?.ref === undefined ? {} : { ref: record.ref }) }
}
