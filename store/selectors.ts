import { holdOn, type Deployment } from '../src/domain/deployment.ts'
import type { RunSummary } from '../src/engine/engine.ts'
import { ERRORS, EXIT } from '../src/errors/codes.ts'
import type { Phase } from '../src/machine/transitions.ts'
import type { AppState, Screen } from './state.ts'
import { matchesFilter } from './filter.ts'

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

/** What a script would get of the run on the screen; `undefined` while there is none that has ended. */
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
  const { screen, run, recovery } = state
  if (isWatchPhase(state)) return state.health?.view?.phase ?? 'deployed'
  if (screen === 'recovery') return recovery?.view.phase === 'recoveryMode' ? 'recoveryMode' : 'interrupted'
  if (PLANNING.has(screen)) return 'planning'
  if (isRunShown(state)) return run?.view?.phase ?? 'rollbackInitiated'
  return run?.isActive === true ? 'rollbackInitiated' : 'interrupted'
}

/** Nothing but the health of what is live says where the machine stands. */
export function isWatchPhase(state: AppState): boolean {
  const { screen, run } = state
  const isElsewhere = screen === 'recovery' || PLANNING.has(screen) || isRunShown(state)
  return !isElsewhere && run?.isActive !== true && !openRun(state)
}

function isRunShown({ screen, run }: AppState): boolean {
  return run !== null && run.view !== null && (run.isActive || screen === 'run' || screen === 'result')
}
