import type { LockInfo, RunSummary } from '../src/engine/engine.ts'
import type { RunResult } from '../src/events/events.ts'
import type { Phase } from '../src/machine/transitions.ts'
import type { AppState, Screen } from './state.ts'
import { openRun, shownRun, isHeldBy } from './run/run-selectors.ts'

const PLANNING: ReadonlySet<Screen> = new Set(['target', 'plan', 'step', 'effects'])

/** Where the machine stands, for the breadcrumb and for the keys it allows. */
export function phaseOf(state: AppState): Phase {
  const { screen, recovery } = state
  const run = shownRun(state)
  if (isWatchPhase(state)) return state.health?.view?.phase ?? 'deployed'
  if (screen === 'recovery' && recovery) return openPhase(recovery.view, recovery.lock)
  if (PLANNING.has(screen)) return 'planning'
  if (isRunShown(state)) return run?.view?.phase ?? 'rollbackInitiated'
  return run?.isActive === true ? 'rollbackInitiated' : listedPhase(state)
}

/** Of an open run as it was listed last; on its own screen, of the one that is still being read. */
function listedPhase(state: AppState): Phase {
  const { overview, screen, recoveryRun } = state
  const open = screen === 'recovery' ? overview?.runs.find(({ id }) => id === recoveryRun) : openRun(state)
  return open && overview ? openPhase(open, overview.lock) : 'recoveryMode'
}

/** Where an open run stands: interrupted is only one whose process is gone before it ended. */
function openPhase(run: Pick<RunSummary, 'id' | 'result'> & { readonly phase?: Phase }, lock: LockInfo): Phase {
  if (run.result !== null) return ENDED[run.result]
  if (isHeldBy(lock, run.id)) return run.phase ?? 'rollbackInProgress'
  return run.phase === 'recoveryMode' ? 'recoveryMode' : 'interrupted'
}

const ENDED: Readonly<Record<RunResult, Phase>> = {
  complete: 'rollbackComplete',
  undone: 'rollbackComplete',
  partial: 'rollbackFailed',
  failed: 'rollbackFailed',
  aborted: 'aborted',
  manual: 'manualOutstanding',
}

/** Nothing but the health of what is live says where the machine stands. */
export function isWatchPhase(state: AppState): boolean {
  const { screen } = state
  const run = shownRun(state)
  const isElsewhere = screen === 'recovery' || PLANNING.has(screen) || isRunShown(state)
  return !isElsewhere && run?.isActive !== true && !openRun(state)
}

function isRunShown(state: AppState): boolean {
  const { screen } = state
  const run = shownRun(state)
  return run !== null && run.view !== null && (run.isActive || screen === 'run' || screen === 'result')
}
