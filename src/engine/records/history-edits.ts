import {
  activeDeployment,
  type Deployment,
  type DeploymentStatus,
  type History,
  type PackageRecord,
} from '../../domain/deployment.ts'
import type { JsonObject } from '../../domain/text/json.ts'
import type { RunResult } from '../../events/events.ts'
import type { RunView } from '../../events/project-run.ts'
import { entryPackages, type KnownRegistries } from './entry-packages.ts'
import { sameVersion } from '../../domain/version.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'

export interface HistoryFacts {
  readonly view: RunView
  readonly result: RunResult
  readonly actor: JsonObject
  readonly now: string
  readonly registries: KnownRegistries
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
  // What it left is no longer live, regardless of the later result of a step: only an undone run restores that.
  if (own?.status === 'active') {
    const replaced = { ...deployment, status: own.status }
    return hasNews(own, replaced) ? [{ kind: 'replace', id: own.id, deployment: replaced }] : []
  }
  const entry: HistoryEdit = own ? { kind: 'replace', id: own.id, deployment } : { kind: 'insert', deployment }
  const isLeft = deployment.status === 'active'
  return isLeft ? [entry, ...leaveEdits(history, view), ...holdEdits(history, facts)] : [entry]
}

function hasNews(own: Deployment, { packages }: Pick<Deployment, 'packages'>): boolean {
  const statuses = (records: readonly PackageRecord[]) => records.map(({ status }) => status).join()
  return statuses(own.packages) !== statuses(packages)
}

/** Only a run that moved every registry of the release makes its target the active version. */
function statusOf(history: History, { plan, steps, direction }: RunView, result: RunResult): DeploymentStatus {
  if (result === 'undone') return 'failed'
  const isThere = (result === 'complete' || result === 'manual') && direction !== 'undo'
  if (!isThere || steps.some(({ status }) => status === 'skipped')) return 'partial'
  if (plan.kind === 'undo') return undoesLive(history, plan) ? 'active' : 'partial'
  return plan.excluded.some(({ status }) => status === 'skipped') ? 'partial' : 'active'
}

/**
 * What an undo brings back is live again, unless something else became live since the run it takes back, or that run had
 * changed nothing about what is live.
 */
function undoesLive(history: History, { from, to, undoes }: RunView['plan']): boolean {
  const live = activeDeployment(history)?.version
  if (live === undefined || sameVersion(live, to)) return true
  return sameVersion(live, from) && !wasLiveBefore(history, { run: undoes, version: from })
}

/** Whether the version was live already when the run began. */
function wasLiveBefore(
  { deployments }: History,
  { run, version }: { readonly run: string | undefined; readonly version: string },
): boolean {
  const own = deployments.findIndex((deployment) => deployment.run === run)
  if (run === undefined || own === -1) return false
  const before = deployments.slice(own + 1).find(({ status }) => status !== 'failed' && status !== 'partial')
  return before !== undefined && sameVersion(before.version, version)
}

function leaveEdits(history: History, { plan, id }: RunView): readonly HistoryEdit[] {
  // A run that only brought registries back in line with the active version leaves nothing that is bad.
  const isBad = plan.kind !== 'undo' && !sameVersion(plan.from, plan.to)
  const left = history.deployments.filter((deployment) => deployment.run !== id && deployment.status === 'active')
  const edits: HistoryEdit[] = left.map(({ id: entry, version }) => {
    // A release that was never recorded is left without an entry of its own; the live version is gone back to.
    const status = isBad && sameVersion(version, plan.from) ? 'rolled_back_from' : 'superseded'
    return { kind: 'set-status', id: entry, status }
  })
  if (plan.kind !== 'undo') return edits
  // The version an undo brings back is no longer one that was rolled back from.
  const restored = history.deployments.filter(
    ({ version, status: was }) => sameVersion(version, plan.to) && was === 'rolled_back_from',
  )
  return [
    ...edits,
    ...restored.map((deployment) => ({ kind: 'set-status', id: deployment.id, status: 'superseded' }) as const),
  ]
}

/** An earlier owner of the run had completed and recorded it; then a takeover undid it. */
function takeBack(history: History, { plan, id }: RunView): readonly HistoryEdit[] {
  const left = history.deployments.find(
    ({ version, status }) =>
      sameVersion(version, plan.from) && (status === 'rolled_back_from' || status === 'superseded'),
  )
  const isRecorded = history.deployments.some(({ version }) => sameVersion(version, plan.from))
  const isHeld = history.held.some(({ version, run }) => sameVersion(version, plan.from) && run === id)
  return [
    // Of a release that was never recorded: what was live before is live again.
    ...(isRecorded ? [] : [{ kind: 'set-status', id: plan.targetId, status: 'active' } as const]),
    ...(left ? [{ kind: 'set-status', id: left.id, status: 'active' } as const] : []),
    ...(isHeld ? [{ kind: 'lift-hold', version: plan.from } as const] : []),
  ]
}

function holdEdits(history: History, { view, actor, now }: HistoryFacts): readonly HistoryEdit[] {
  const { plan } = view
  const isHeld = (version: string) => history.held.some((hold) => sameVersion(hold.version, version))
  if (plan.kind === 'undo') return isHeld(plan.to) ? [{ kind: 'lift-hold', version: plan.to }] : []
  if (!plan.hold || isHeld(plan.from)) return []
  const by = typeof actor['user'] === 'string' ? { by: actor['user'] } : {}
  const reason = plan.reason === '' ? `rolled back to ${plan.to}` : plan.reason
  return [{ kind: 'hold', hold: { version: plan.from, reason, run: view.id, at: now, ...by } }]
}

function entryFor(history: History, { view, result, actor, now, registries }: HistoryFacts): Omit<Deployment, 'id'> {
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
    status: statusOf(history, view, result),
    actor,
    ...(plan.reason === '' ? {} : { reason: plan.reason }),
    ...(plan.incident === '' ? {} : { incident: plan.incident }),
    ...(plan.trigger === undefined ? {} : { trigger: plan.trigger }),
    pinned: false,
    packages: entryPackages(view, target, registries),
    healthChecks: [],
  }
}
