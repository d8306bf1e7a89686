import {
  nameIn,
  packageKey,
  type Deployment,
  type PackageRecord,
  type PackageRef,
  type PackageStatus,
} from '../../domain/deployment.ts'
import type { RollbackPlan } from '../../domain/plan.ts'
import { sameVersion } from '../../domain/version.ts'
import type { Json } from '../../domain/text/json.ts'
import { comparePointers } from '../../domain/pointer-differences.ts'
import type { BoundRegistry } from '../../planner/bind-registries.ts'
import { stepEnds } from '../../domain/step-ends.ts'
import { isExpectedThere, type ExclusionView } from '../../events/exclusion-view.ts'
import type { RunView, StepView } from '../../events/project-run.ts'
import type { StepStatus } from '../../machine/step-status.ts'

/** `undefined`: the configuration does not have it any more. */
export type KnownRegistries = (ref: PackageRef) => BoundRegistry | undefined

/**
 * Every package of the release a run leads to, with its result: moved, there already, skipped, manual, or not read.
 * None is dropped from the history because a run had nothing to do for it. Pure.
 */
export function entryPackages(
  { plan, steps, excluded }: RunView,
  target: Deployment | undefined,
  registries: KnownRegistries,
): readonly PackageRecord[] {
  const known = new Map((target?.packages ?? []).map((record) => [keyOf(record, plan), record]))
  const planned = [
    ...steps.map((step) => packageOfStep(step, { plan, registries, record: known.get(packageKey(step.plan.package)) })),
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

interface StepFacts {
  readonly plan: RollbackPlan
  readonly registries: KnownRegistries
  /** Of the package in the release that the run leads to. */
  readonly record: PackageRecord | undefined
}

function packageOfStep(step: StepView, facts: StepFacts): PackageRecord {
  const ref = pinOfRelease(step, facts)
  return {
    ...step.plan.package,
    status: leadsElsewhere(step, facts) ? elsewhereIn(facts.record) : PACKAGE_STATUS[step.status],
    ...(ref === undefined ? {} : { ref }),
    ...(step.before === null ? {} : { before: step.before }),
    ...proofOf(step),
    ...(isProved(step) && step.finishedAt ? { verifiedAt: step.finishedAt, durationMs: step.durationMs } : {}),
  }
}

/** What a later rollback to the release restores: never the pin of another version that an undo leads to. */
function pinOfRelease({ plan: step }: StepView, { plan, record }: StepFacts): Json | undefined {
  const { to } = stepEnds(step, plan)
  return (sameVersion(to.version, plan.to) ? to.pin : undefined) ?? record?.ref
}

/** An undo puts it back where it was found, which was not the release that it returns to. */
function leadsElsewhere(step: StepView, facts: StepFacts): boolean {
  const { plan, record } = facts
  if (plan.kind !== 'undo' || (step.status !== 'done' && step.status !== 'already')) return false
  const { to } = stepEnds(step.plan, plan)
  return record?.status === 'not_in_target' || !sameVersion(to.version, plan.to) || isApart(step, facts)
}

/**
 * No part of the restored pointer is at the pin of the release, regardless of the version the run recorded: it knew
 * only what the history called live.
 */
function isApart(step: StepView, facts: StepFacts): boolean {
  const pin = pinOfRelease(step, facts)
  const ref = step.plan.package
  const registry = facts.registries(ref)
  if (pin === undefined || !registry) return false
  const pointer = step.proof ?? step.want
  const { driver, options } = registry
  const expected = driver.pointerOf?.({ package: ref, pin, pointer, options }) ?? null
  if (expected === null) return false
  const { differences, comparedCount } = comparePointers(expected, pointer)
  return comparedCount > 0 && differences.length === comparedCount
}

/** A package of the release that is not there is skipped: it stays one that a rollback to the release moves. */
function elsewhereIn(record: PackageRecord | undefined): PackageStatus {
  return record === undefined || record.status === 'not_in_target' ? 'not_in_target' : 'skipped'
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
  const isUnproved = isExpectedThere(excluded, plan) && verifiedAt === null
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
