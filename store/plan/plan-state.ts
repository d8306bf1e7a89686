import type { RollbackPlan } from '../../src/domain/plan.ts'

/** The one plan that is shown, confirmed and run, and the words it was asked for with. */
export interface PlanState {
  /** A copy of what the engine made that is safe to print; what it skips and overrides stands in it. */
  readonly plan: RollbackPlan
  /** What was asked to be skipped, as `--except` takes it. */
  readonly except: readonly string[]
  readonly target: string
}

export interface PlanEvent {
  readonly type: 'plan.made'
  readonly plan: RollbackPlan
  readonly request: Pick<PlanState, 'target' | 'except'>
}
