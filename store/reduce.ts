import type { AppEvent } from './app-event.ts'
import { reduceDialog, type DialogEvent } from './dialog/dialog.ts'
import { reduceHealth } from './health/reduce-health.ts'
import { reduceHistory } from './history/reduce-history.ts'
import { reducePlan } from './plan/reduce-plan.ts'
import { reducePrune } from './prune/reduce-prune.ts'
import { reduceRecovery } from './recovery/reduce-recovery.ts'
import { reduceFrame } from './reduce-frame.ts'
import { aroundRun, readPast, reduceRun } from './run/reduce-run.ts'
import type { AppState } from './state.ts'
import { reduceTraffic, withTraffic } from './traffic/reduce-traffic.ts'

type Topic<Type extends string> = Type extends `${infer Name}.${string}` ? Name : never

/** One reducer for every first word of an event's type: a new event of a feature needs no line here. */
type Reducers = {
  readonly [Name in Topic<AppEvent['type']>]: (
    state: AppState,
    event: Extract<AppEvent, { type: `${Name}.${string}` }>,
  ) => AppState
}

const REDUCERS: Reducers = {
  screen: reduceFrame,
  cursor: reduceFrame,
  clock: reduceFrame,
  busy: reduceFrame,
  flash: reduceFrame,
  error: reduceFrame,
  help: reduceFrame,
  trust: reduceFrame,
  options: reduceFrame,
  overview: reduceHistory,
  registries: reduceHistory,
  filter: reduceHistory,
  version: reduceHistory,
  compare: reduceHistory,
  plan: reducePlan,
  run: (state, event) => ({ ...state, run: reduceRun(state.run, event), ...aroundRun(event) }),
  past: (state, event) => ({ ...state, past: readPast(event) }),
  recovery: reduceRecovery,
  health: (state, event) => ({ ...state, health: reduceHealth(state.health, event) }),
  traffic: (state, event) => withTraffic(state, reduceTraffic(state.traffic, event), event),
  deploy: (state, event) => withTraffic(state, reduceTraffic(state.traffic, event), event),
  prune: reducePrune,
  dialog: reduceDialogs,
}

/** The only writer of the state. Pure. */
export function reduce(state: AppState, event: AppEvent): AppState {
  const [topic] = event.type.split('.', 1)
  // The table pairs every topic with the reducer of its events.
  const reducer = REDUCERS[topic as keyof Reducers] as (state: AppState, event: AppEvent) => AppState
  return reducer(state, event)
}

function reduceDialogs(state: AppState, event: DialogEvent): AppState {
  if (event.type === 'dialog.opened') return { ...state, dialog: event.dialog, help: null }
  return state.dialog ? { ...state, dialog: reduceDialog(state.dialog, event.key, event.atMs) } : state
}
