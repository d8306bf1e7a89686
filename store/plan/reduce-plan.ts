import type { AppState } from '../state.ts'
import { planRows } from './plan-rows.ts'
import type { PlanEvent } from './plan-state.ts'

/** A new plan replaces the old one as a whole. The cursor stays where it was when only the selection changed. */
export function reducePlan(state: AppState, { plan, request }: PlanEvent): AppState {
  const { target, except } = request
  const isSame = state.plan?.target === target && state.plan.plan.to === plan.to
  const last = Math.max(0, planRows(plan).length - 1)
  const at = isSame ? Math.min(state.cursors.plan ?? 0, last) : 0
  return { ...state, plan: { plan, target, except }, cursors: { ...state.cursors, plan: at, step: 0 } }
}
