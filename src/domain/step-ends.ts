import type { PinnedVersion, PlanStep, RollbackPlan } from './plan.ts'

/** Which version a step takes its registry away from, and which one it leads to. */
export interface StepEnds {
  readonly from: PinnedVersion
  readonly to: PinnedVersion
}

/**
 * The steps of an undo keep the subject of the run that is taken back, so that a driver reads the pointer in the form
 * that was captured: there the step leads to its own `from`. Pure.
 */
export function stepEnds({ from, to }: Pick<PlanStep, 'from' | 'to'>, plan: Pick<RollbackPlan, 'to'>): StepEnds {
  return to.version === plan.to ? { from, to } : { from: to, to: from }
}

/** A step that goes back, in one line: what is said of the way forward does not fit it. Pure. */
export function restoreTitle({ package: ref }: Pick<PlanStep, 'package'>, version: string): string {
  return `Restore ${ref.format} to ${version}`
}
