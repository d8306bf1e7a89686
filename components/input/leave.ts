import type { KeyContext } from './key-binding.ts'
import { isAtWork, runExitCode } from '../../store/run/run-selectors.ts'

/** Closes the newest thing on the screen; `false` when there is nothing to go back to. */
export function goBack({ state, commands, dispatch }: KeyContext): boolean {
  if (state.error) dispatch({ type: 'error.shown', error: null })
  else if (state.screen === 'history' && state.filter.text !== '') {
    dispatch({ type: 'filter.changed', text: '', isOpen: false })
  } else if (state.screen === 'run' && isAtWork(state)) commands.askToStop()
  else if (state.screen === 'run' && state.run?.isActive === true) commands.stopWatching()
  else if (state.back.length > 0) commands.goBack()
  else return false
  return true
}

/** Leaves the app; while a run of ours is in progress it asks first. */
export function quitOrAsk({ commands, state, quit }: KeyContext, exitCode: number): void {
  if (isAtWork(state)) commands.askToStop()
  else quit(runExitCode(state) ?? exitCode)
}
