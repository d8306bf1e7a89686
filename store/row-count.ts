import { healthRows } from './health/health-rows.ts'
import { leftBehind, planRows } from './plan/plan-rows.ts'
import type { AppState, Screen } from './state.ts'
import { candidates, strategies } from './plan/targets.ts'
import { shownRun } from './run/run-selectors.ts'
import { visibleDeployments } from './history/deployments.ts'

const ofPlan = ({ plan }: AppState): number => plan?.plan.steps.length ?? 0
const ofPlanRows = ({ plan }: AppState): number => (plan ? planRows(plan.plan).length : 0)
const ofRun = (state: AppState): number => {
  const view = shownRun(state)?.view
  return view ? view.steps.length + leftBehind(view.plan).length : 0
}
/** A page of text scrolls as far as it is long. */
const ofText = (): number => Number.MAX_SAFE_INTEGER

const COUNTS: Readonly<Record<Screen, (state: AppState) => number>> = {
  history: (state) => visibleDeployments(state).length,
  health: (state) => healthRows(state).length,
  traffic: ({ traffic }) => traffic?.deploy?.stages.length ?? 0,
  target: (state) => candidates(state).length + strategies(state).length,
  plan: ofPlanRows,
  step: ofPlan,
  run: ofRun,
  result: ofRun,
  recovery: ({ recovery }) => recovery?.steps.length ?? 0,
  prune: ({ prune }) => prune?.plan.rows.length ?? 0,
  runs: ({ overview }) => overview?.runs.length ?? 0,
  version: ofText,
  compare: ofText,
  effects: ofText,
}

/** How many rows the list of a screen has. */
export function rowCount(state: AppState, screen: Screen): number {
  return COUNTS[screen](state)
}
