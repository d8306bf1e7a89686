import { visibleDeployments } from './selectors.ts'
import { healthRows } from './health-rows.ts'
import type { AppState, Screen } from './state.ts'
import { candidates, strategies } from './targets.ts'

/** How many rows the list of a screen has. */
export function rowCount(state: AppState, screen: Screen): number {
  switch (screen) {
    case 'history':
      return visibleDeployments(state).length
    case 'target':
      return candidates(state).length + strategies(state).length
    case 'plan':
    case 'step':
      return state.plan?.plan.steps.length ?? 0
    case 'run':
    case 'result':
      return state.run?.view?.steps.length ?? 0
    case 'recovery':
      return state.recovery?.steps.length ?? 0
    case 'prune':
      return state.prune?.plan.rows.length ?? 0
    case 'runs':
      return state.overview?.runs.length ?? 0
    case 'health':
      return healthRows(state).length
    case 'traffic':
      return state.traffic?.deploy?.stages.length ?? 0
    case 'version':
    case 'compare':
    case 'effects':
      return Number.MAX_SAFE_INTEGER
  }
}
