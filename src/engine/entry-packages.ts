import { nameIn, packageKey, type Deployment, type PackageRecord, type PackageStatus } from '../domain/deployment.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import { sameVersion } from '../domain/version.ts'
import { stepEnds } from '../domain/step-ends.ts'
import { isClaimedThere, type ExclusionView } from '../events/exclusion-view.ts'
import type { RunView, StepView } from '../events/project-run.ts'
import type { StepStatus } from '../machine/step-status.ts'

/**
 * Every package of the release a run leads to, and what became of it: moved, there already, skipped, a person's, or not
 * looked at. None falls out of the history because a run had nothing to do for it. Pure.
 */
export function entryPackages(
  { plan, steps, excluded }: RunView,
  target: Deployment | undefined,
): readonly PackageRecord[] {
  const known = new Map((target?.packages ?? []).map((record) => [keyOf(record, plan), record]))
  const planned = [
    ...steps.map((step) => packageOfStep(step, plan, known.get(packageKey(step.plan.package)))),
    ...excluded.map((one) => packageOfExclusion(one, plan, known.get(packageKey(one.package)))),
  ]
  const seen = new Set(planned.map(packageKey))
  const others = [...known].filter(([key]) => !seen.has(key)).map(([, record]) => unseen(record, plan))
  return [...planned, ...others]
}

function keyOf(record: PackageRecord, { app }: Pick<RollbackPlan, 'app'>): string {
  return packageKey(nameIn(record, app))
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

function packageOfStep(step: StepView, plan: RollbackPlan, record: PackageRecord | undefined): PackageRecord {
  const isElsewhere = leadsElsewhere(step, plan, record)
  const ref = isElsewhere ? record?.ref : (stepEnds(step.plan, plan).to.pin ?? record?.ref)
  return {
    ...step.plan.package,
    status: isElsewhere ? 'not_in_target' : PACKAGE_STATUS[step.status],
    ...(ref === undefined ? {} : { ref }),
    ...(step.before === null ? {} : { before: step.before }),
    ...(isElsewhere ? {} : proofOf(step)),
    ...(isProved(step) && step.finishedAt ? { verifiedAt: step.finishedAt, durationMs: step.durationMs } : {}),
  }
}

/** An undo puts it back where it was found, which was not the release that it returns to. */
function leadsElsewhere(step: StepView, plan: RollbackPlan, record: PackageRecord | undefined): boolean {
  if (plan.kind !== 'undo' || step.status !== 'done') return false
  return record?.status === 'not_in_target' || !sameVersion(stepEnds(step.plan, plan).to.version, plan.to)
}

function isProved({ status, proof }: StepView): boolean {
  return status === 'done' || (status === 'already' && proof !== null)
}

function proofOf(step: StepView): Pick<PackageRecord, 'pointer'> {
  return isProved(step) && step.proof !== null ? { pointer: step.proof } : {}
}

function packageOfExclusion(
  excluded: ExclusionView,
  plan: RollbackPlan,
  record: PackageRecord | undefined,
): PackageRecord {
  const { package: ref, verifiedAt } = excluded
  // A run that ended before it was proved does not know.
  const isUnproved = isClaimedThere(excluded, plan) && verifiedAt === null
  return {
    ...ref,
    status: isUnproved ? 'unknown' : excluded.status,
    ...(record?.ref === undefined ? {} : { ref: record.ref }),
    ...(verifiedAt === null ? {} : { verifiedAt, pointer: excluded.observed }),
  }
}

/** A package of the release that was no part of the one that was left: it was not read, so nothing new is known of it. */
function unseen(record: PackageRecord, { app }: RollbackPlan): PackageRecord {
  const { ref, status } = record
  const isElsewhere = status === 'failed' || status === 'not_in_target'
  return { ...nameIn(record, app), status: isElsewhere ? status : 'unknown', ...(ref === undefined ? {} : { ref }) }
}
