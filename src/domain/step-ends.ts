import type { PinnedVersion, PlanStep, RollbackPlan } from './plan.ts'

/** Which version a step takes its registry away from, and which one it leads to. */
export interface StepEnds {
  readonly from: PinnedVersion
  readonly to: PinnedVersion
}

type Directed = Pick<PlanStep, 'from' | 'to' | 'isInverted'>

/**
 * The steps of an undo keep the subject of the run that is taken back, so that a driver reads the pointer in the form
 * that was captured: there the step leads to its own `from`. Pure.
 */
export function stepEnds(step: Directed, plan: Pick<RollbackPlan, 'to'>): StepEnds {
  const { from, to } = step
  return isInverted(step, plan) ? { from: to, to: from } : { from, to }
}

/**
 * The step says so itself: where a run and its undo lead to the same version, the versions cannot tell. An undo that was
 * planned before steps said so is told by them. Pure.
 */
export function isInverted(step: Directed, { to }: Pick<RollbackPlan, 'to'>): boolean {
  return step.isInverted ?? step.to.version !== to
}

/** A step that goes back, in one line: what is said of the way forward does not fit it. Pure. */
export function restoreTitle({ package: ref }: Pick<PlanStep, 'package'>, version: string): string {
  return `Restore ${ref.format} to ${version}`
}
