import type { LockInfo, RunSummary } from '../../src/engine/engine.ts'
import { ERRORS, EXIT } from '../../src/errors/codes.ts'
import type { AppState } from '../state.ts'
import type { RunState } from './run-state.ts'

export function openRun(state: AppState): RunSummary | undefined {
  return state.overview?.runs.find((run) => isOurs(run) && run.result !== 'manual')
}

/** A run that only waits for a person: it blocks nothing. */
export function waitingRun(state: AppState): RunSummary | undefined {
  return state.overview?.runs.find((run) => isOurs(run) && run.result === 'manual')
}

/** Open, and proved to be of this user or of a colleague who is trusted. */
function isOurs({ isOpen, origin }: RunSummary): boolean {
  return isOpen && origin.kind !== 'foreign'
}

/** The run the result screen is about. */
export function shownRun({ screen, past, run }: AppState): RunState | null {
  return screen === 'result' && past ? past : run
}

/** The exit code the app leaves with because of its run; `undefined` while there is none that has ended. */
export function runExitCode({ run }: AppState): number | undefined {
  if (!run || run.isActive) return undefined
  if (run.health?.state === 'unhealthy') return EXIT.unhealthy
  return run.outcome?.exitCode ?? (run.error ? ERRORS[run.error.code] : undefined)
}

/** A run of ours is going on: leaving means stopping it. */
export function isAtWork({ run }: AppState): boolean {
  return run !== null && run.isActive && run.holder === undefined
}

/** Some process works on the run, or did a moment ago: nothing says that it is gone. */
export function isHeldBy({ run, state }: Pick<LockInfo, 'run' | 'state'>, runId: string): boolean {
  return run === runId && (state === 'held' || state === 'silent')
}
