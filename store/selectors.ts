import { holdOn, type Deployment } from '../src/domain/deployment.ts'
import type { LockInfo, RunSummary } from '../src/engine/engine.ts'
import type { RunResult } from '../src/events/events.ts'
import { ERRORS, EXIT } from '../src/errors/codes.ts'
import type { Phase } from '../src/machine/transitions.ts'
import type { AppState, RunState, Screen } from './state.ts'
import { matchesFilter } from './history/filter.ts'

export function allDeployments(state: AppState): readonly Deployment[] {
  return state.overview?.history.deployments ?? []
}

let filtered: { readonly from: readonly Deployment[]; readonly text: string; readonly rows: readonly Deployment[] } = {
  from: [],
  text: '',
  rows: [],
}

/** The rows of the history list; remembered for as long as history and filter stay the same. */
export function visibleDeployments(state: AppState): readonly Deployment[] {
  const from = allDeployments(state)
  const text = state.screen === 'history' ? state.filter.text.trim() : ''
  if (text === '') return from
  if (filtered.from !== from || filtered.text !== text) {
    const held = new Set(state.overview?.history.held.map(({ version }) => version))
    filtered = { from, text, rows: from.filter((one) => matchesFilter(one, held.has(one.version), text)) }
  }
  return filtered.rows
}

export function cursorOf(state: AppState, screen: Screen): number {
  return state.cursors[screen] ?? 0
}

export function selectedDeployment(state: AppState): Deployment | undefined {
  return visibleDeployments(state)[cursorOf(state, 'history')]
}

export function liveDeployment(state: AppState): Deployment | undefined {
  return state.overview?.active ?? undefined
}

export function deploymentById(state: AppState, id: number | null): Deployment | undefined {
  return id === null ? undefined : allDeployments(state).find((deployment) => deployment.id === id)
}

export function openRun(state: AppState): RunSummary | undefined {
  return state.overview?.runs.find((run) => isOurs(run) && run.result !== 'manual')
}

/** A run that has nothing left to do but to wait for a person: it is in nobody's way. */
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

export function isHeld(state: AppState, version: string): boolean {
  return state.overview ? holdOn(state.overview.history, version, state.now) !== undefined : false
}

const PLANNING: ReadonlySet<Screen> = new Set(['target', 'plan', 'step', 'effects'])

/** Where the machine stands, for the rail and for the keys it allows. */
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

/** Some process works on the run, or did a moment ago: nothing says that it is gone. */
export function isHeldBy({ run, state }: Pick<LockInfo, 'run' | 'state'>, runId: string): boolean {
  return run === runId && (state === 'held' || state === 'silent')
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
