import { holdOn, type Deployment } from '../src/domain/deployment.ts'
import { bareVersion, compareVersions } from '../src/domain/version.ts'
import type { RunSummary } from '../src/engine/engine.ts'
import { BagboyError } from '../src/errors/bagboy-error.ts'
import { ERRORS } from '../src/errors/codes.ts'
import type { Phase } from '../src/machine/transitions.ts'
import type { AppState, Screen } from './state.ts'
import { resolveTarget } from '../src/planner/resolve-target.ts'
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
  return state.overview?.runs.find(({ isOpen }) => isOpen)
}

/** What a script would get of the run on the screen; `undefined` while there is none that has ended. */
export function runExitCode({ run }: AppState): number | undefined {
  if (!run || run.isActive) return undefined
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
  if (screen === 'recovery') return recovery?.view.phase === 'recoveryMode' ? 'recoveryMode' : 'interrupted'
  if (PLANNING.has(screen)) return 'planning'
  if (run?.view && (run.isActive || screen === 'run' || screen === 'result')) return run.view.phase
  if (run?.isActive === true) return 'rollbackInitiated'
  return openRun(state) ? 'interrupted' : 'deployed'
}

export interface Candidate {
  readonly deployment: Deployment
  /** Why it is not a safe target; empty when nothing speaks against it. */
  readonly against: string
}

/** Earlier deployments a rollback could go to, newest first. The engine has the last word. */
export function candidates(state: AppState): readonly Candidate[] {
  const live = liveDeployment(state)
  const seen = new Set<string>()
  return allDeployments(state).flatMap((deployment) => {
    const isLive = live !== undefined && bareVersion(deployment.version) === bareVersion(live.version)
    if (isLive || seen.has(deployment.version)) return []
    seen.add(deployment.version)
    return [{ deployment, against: speaksAgainst(state, deployment, live) }]
  })
}

function speaksAgainst(state: AppState, deployment: Deployment, live: Deployment | undefined): string {
  if (isHeld(state, deployment.version)) return 'held'
  if (deployment.status === 'rolled_back_from') return 'was rolled back'
  if (deployment.status === 'failed') return 'its deployment failed'
  if (deployment.status === 'pruned') return 'pruned'
  if (deployment.status === 'partial') return 'was deployed in part'
  if (deployment.healthVerdict !== undefined && deployment.healthVerdict !== 'healthy') {
    return `was ${deployment.healthVerdict}`
  }
  if (live && compareVersions(deployment.version, live.version) > 0) return 'newer than the live one'
  return ''
}

/** The deployment a target word means by the history alone; `undefined` when there is none. */
export function meantBy(state: AppState, word: string): Deployment | undefined {
  if (!state.overview) return undefined
  try {
    return resolveTarget(state.overview.history, word, state.now).target
  } catch (error) {
    if (error instanceof BagboyError) return undefined
    throw error
  }
}

/** What the selected version is compared with: the marked one, else what is live; what is live with the last good one. */
export function comparisonPartner(state: AppState): number | undefined {
  const selected = selectedDeployment(state)?.id
  const partner = state.markedId ?? liveDeployment(state)?.id
  if (partner !== selected) return partner
  return (meantBy(state, 'last-good') ?? meantBy(state, 'previous'))?.id
}

/** How many rows the list of a screen has. */
export function rowCount(state: AppState, screen: Screen): number {
  switch (screen) {
    case 'history':
      return visibleDeployments(state).length
    case 'target':
      return candidates(state).length + STRATEGIES.length
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
    case 'version':
    case 'compare':
    case 'effects':
      return Number.MAX_SAFE_INTEGER
  }
}

/** Targets that are found by a rule, as the command line knows them. */
export const STRATEGIES = [
  {
    target: 'last-good',
    label: 'the last good version',
    detail: 'newest earlier one that was healthy and is not held',
  },
  { target: 'previous', label: 'the version before', detail: 'the literal predecessor, good or not' },
] as const
