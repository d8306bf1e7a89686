import { holdOn, type Deployment } from '../../src/domain/deployment.ts'
import type { AppState } from '../state.ts'
import { matchesFilter } from './filter.ts'
import { cursorOf } from '../cursor.ts'

export function allDeployments(state: AppState): readonly Deployment[] {
  return state.overview?.history.deployments ?? []
}

let filtered: {
  readonly from: readonly Deployment[]
  readonly text: string
  readonly rows: readonly Deployment[]
} = {
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

export function selectedDeployment(state: AppState): Deployment | undefined {
  return visibleDeployments(state)[cursorOf(state, 'history')]
}

export function liveDeployment(state: AppState): Deployment | undefined {
  return state.overview?.active ?? undefined
}

export function deploymentById(state: AppState, id: number | null): Deployment | undefined {
  return id === null ? undefined : allDeployments(state).find((deployment) => deployment.id === id)
}

export function isHeld(state: AppState, version: string): boolean {
  return state.overview ? holdOn(state.overview.history, version, state.now) !== undefined : false
}
