import type { RecoveryReport } from '../../src/engine/engine.ts'
import type { AppState } from '../state.ts'
import type { RecoveryEvent } from './recovery-event.ts'

export function reduceRecovery(state: AppState, event: RecoveryEvent): AppState {
  if (event.type === 'recovery.opened') {
    const recovery = state.recovery?.view.id === event.run ? state.recovery : null
    return { ...state, recoveryRun: event.run, recovery }
  }
  const { recovery, now } = event
  return { ...state, recovery, recoveryAt: now, cursors: recoveryCursors(state, recovery) }
}

/** Another run opens on the first step that needs something. */
function recoveryCursors(state: AppState, { view, steps }: RecoveryReport): AppState['cursors'] {
  if (state.recovery?.view.id === view.id) return state.cursors
  const first = steps.findIndex(({ next }) => next !== 'nothing')
  return { ...state.cursors, recovery: Math.max(0, first) }
}
