import type { AppState } from '../state.ts'
import { suggestedSelection, type PruneEvent } from './selection.ts'

export function reducePrune(state: AppState, event: PruneEvent): AppState {
  if (event.type === 'prune.planned') {
    return { ...state, prune: { plan: event.plan, selection: suggestedSelection(event.plan.rows) } }
  }
  return state.prune ? { ...state, prune: { ...state.prune, selection: event.selection } } : state
}
