import type { Deployment, History, PackageRecord } from '../../domain/deployment.ts'
import { compareVersions, sameVersion, type Version } from '../../domain/version.ts'
import type { JsonObject } from '../../domain/text/json.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'
import type { DeployView } from '../../events/deploy-view.ts'

export interface DeployFacts {
  readonly view: DeployView
  readonly actor: JsonObject
  readonly now: string
}

/**
 * The version has all of the traffic: it is the live one. Idempotent: after a crash the deploy finds its own entry. Pure.
 * @param others the packages of the registries: as they are served now, or left out when only traffic was moved
 */
export function promotionEdits(
  history: History,
  facts: DeployFacts,
  others: readonly PackageRecord[],
): readonly HistoryEdit[] {
  const { view, now } = facts
  const own = ownEntry(history, view)
  if (own?.status === 'active') return []
  const traffic: PackageRecord = { ...trafficPackage(view), status: 'deployed', verifiedAt: now }
  const isWhole = view.plan.kind === 'deploy' || others.length === 0
  const deployment = {
    ...entry(facts),
    status: isWhole ? 'active' : 'partial',
    packages: [traffic, ...others],
  } as const
  const left = isWhole ? history.deployments.filter(({ status, run }) => status === 'active' && run !== view.id) : []
  return [
    insertOrReplace(own, deployment),
    ...left.map(({ id }) => ({ kind: 'set-status', id, status: 'superseded' }) as const),
  ]
}

/** What is written down of a version that did not stay; nothing when it never came as far as its slot. Pure. */
export function failureEdits(history: History, facts: DeployFacts): readonly HistoryEdit[] {
  const { view } = facts
  const own = ownEntry(history, view)
  const isSilent = view.plan.kind === 'shift' || (!view.hasMoved && !wasFilled(view) && !view.decision?.evidence)
  if (isSilent && !own) return []
  return [
    insertOrReplace(own, failedEntry(facts, own)),
    ...(own?.status === 'active' && !keepsTraffic(view) ? restoreLive(history, view) : []),
    ...holdEdits(history, facts),
  ]
}

function failedEntry(facts: DeployFacts, own: Deployment | undefined): Omit<Deployment, 'id'> {
  const { plan, decision } = facts.view
  const { packages, healthChecks } = own ?? { packages: [trafficPackage(facts.view)], healthChecks: [] }
  return {
    ...entry(facts),
    status: statusOf(facts.view, own),
    ...(decision?.isVersionBad ? { healthVerdict: 'unhealthy' } : {}),
    ...(decision?.evidence ? { trigger: decision.evidence } : {}),
    reason: decision?.reason ?? plan.reason,
    packages: packages.map((one) => (one.format === 'traffic' ? { ...one, status: slotStatus(facts.view) } : one)),
    healthChecks,
  }
}

/** Who ends it with the traffic as it stands leaves users on the version, however bad it is, unless it has none. */
function statusOf(view: DeployView, own: Deployment | undefined): Deployment['status'] {
  if (!keepsTraffic(view)) return 'failed'
  return own?.status === 'active' ? 'active' : 'partial'
}

/** A write that is owed may have been done or not. */
function keepsTraffic({ isLeft, plan, traffic, expected, owed }: DeployView): boolean {
  const splits = [traffic?.split ?? expected, ...(owed ? [owed.from, owed.to] : [])]
  return isLeft && splits.some((split) => split[plan.slot] > 0)
}

function slotStatus(view: DeployView): PackageRecord['status'] {
  if (keepsTraffic(view)) return 'deployed'
  if (view.hasMoved) return 'rolled_back'
  return wasFilled(view) ? 'failed' : 'skipped'
}

/** Whether the version may be in the slot: then nothing else is there any more, and the history has to know. */
function wasFilled({ stages }: DeployView): boolean {
  const command = stages.find(({ stage }) => stage.kind === 'command')
  return command === undefined ? stages.some(({ status }) => status !== 'pending') : command.status !== 'pending'
}

function ownEntry({ deployments }: History, { id }: DeployView): Deployment | undefined {
  return deployments.find(({ run }) => run === id)
}

function insertOrReplace(own: Deployment | undefined, deployment: Omit<Deployment, 'id'>): HistoryEdit {
  return own ? { kind: 'replace', id: own.id, deployment } : { kind: 'insert', deployment }
}

/** It was the live one for as long as it had the traffic; now the one before it is again. */
function restoreLive({ deployments }: History, { plan }: DeployView): readonly HistoryEdit[] {
  const before = deployments.find(({ version, status }) => status === 'superseded' && sameVersion(version, plan.from))
  return before ? [{ kind: 'set-status', id: before.id, status: 'active' }] : []
}

function holdEdits(history: History, { view, actor, now }: DeployFacts): readonly HistoryEdit[] {
  const { plan, decision, id } = view
  const isHeld = history.held.some((hold) => sameVersion(hold.version, plan.version))
  if (!plan.hold || !decision?.isVersionBad || isHeld || sameVersion(plan.version, plan.from)) return []
  const by = typeof actor['user'] === 'string' ? { by: actor['user'] } : {}
  return [
    { kind: 'hold', hold: { version: plan.version as Version, reason: decision.reason, run: id, at: now, ...by } },
  ]
}

/** Traffic that was sent back manually to what was live before. */
function isStepBack({ kind, version, from }: DeployView['plan']): boolean {
  return kind === 'shift' && from !== '' && compareVersions(version, from) < 0
}

/** As a registry's package: its pointer is the split, its pin the slot. */
function trafficPackage({ plan }: DeployView): PackageRecord {
  return {
    format: 'traffic',
    registry: plan.provider,
    name: plan.app,
    status: 'skipped',
    ref: { slot: plan.slot },
    before: { ...plan.before },
  }
}

function entry({ view, actor, now }: DeployFacts): Omit<Deployment, 'id' | 'status' | 'packages'> {
  const { plan, startedAt, id } = view
  return {
    kind: isStepBack(plan) ? 'rollback' : 'deploy',
    version: plan.version as Version,
    ...(plan.from === '' ? {} : { from: plan.from as Version }),
    run: id,
    timestamp: startedAt,
    finished: now,
    commit: plan.commit,
    environment: plan.environment,
    actor,
    ...(plan.reason === '' ? {} : { reason: plan.reason }),
    pinned: false,
    healthChecks: [],
  }
}
