import type { PackageRef } from '../../src/domain/deployment.ts'
import type { PlanExclusion, PlanStep, RollbackPlan } from '../../src/domain/plan.ts'
import { cursorOf } from '../cursor.ts'
import type { AppState } from '../state.ts'

/** One registry of a plan: a step, or why it gets none. */
export type PlanRow =
  | { readonly kind: 'step'; readonly step: PlanStep; readonly package: PackageRef }
  | { readonly kind: 'excluded'; readonly exclusion: PlanExclusion; readonly package: PackageRef }

/** Every registry of the plan, those without a step behind the others. Pure. */
export function planRows({ steps, excluded }: Pick<RollbackPlan, 'steps' | 'excluded'>): readonly PlanRow[] {
  return [
    ...steps.map((step) => ({ kind: 'step', step, package: step.package }) as const),
    ...excluded.map((exclusion) => ({ kind: 'excluded', exclusion, package: exclusion.package }) as const),
  ]
}

/** The row under the cursor of the plan screen. */
export function selectedPlanRow(state: AppState): PlanRow | undefined {
  return state.plan ? planRows(state.plan.plan)[cursorOf(state, 'plan')] : undefined
}

/** Registries that keep what they serve although the plan goes somewhere else: skipped, or not part of the target. Pure. */
export function leftBehind({ excluded }: Pick<RollbackPlan, 'excluded'>): readonly PlanExclusion[] {
  return excluded.filter(({ status }) => status !== 'already')
}

/** What `--except` takes for a package. */
export function selectorOf({ format, registry }: PackageRef): string {
  return `${format}:${registry}`
}
