import type { RecoveryReport } from '../src/engine/engine.ts'
import type { AppEvent } from './app-event.ts'
import { reduceDialog } from './dialog/dialog.ts'
import { suggestedSelection } from './prune/selection.ts'
import { planRows } from './plan/plan-rows.ts'
import { reduceHealth } from './health/reduce-health.ts'
import { readPast, reduceRun } from './run/reduce-run.ts'
import { reduceTraffic } from './traffic/reduce-traffic.ts'
import type { AppState, Screen } from './state.ts'

/** The only writer of the state. Pure; what it does not understand it leaves alone. */
export function reduce(state: AppState, event: AppEvent): AppState {
  switch (event.type) {
    case 'screen.opened':
      return openScreen(state, event)
    case 'screen.left':
      return leaveScreen(state, event.atMs)
    case 'cursor.set':
      return { ...state, cursors: { ...state.cursors, [event.screen]: event.index } }
    case 'overview.read':
    case 'overview.failed':
    case 'registries.reading':
    case 'registries.read':
    case 'registries.failed':
    case 'registries.dropped':
      return reduceReadings(state, event)
    case 'dialog.opened':
      return { ...state, dialog: event.dialog, help: null }
    case 'dialog.key':
      return state.dialog ? { ...state, dialog: reduceDialog(state.dialog, event.key, event.atMs) } : state
    case 'plan.made':
      return openPlan(state, event)
    case 'run.opened':
    case 'run.events':
    case 'run.paused':
    case 'run.aborting':
    case 'run.holder':
    case 'run.closed':
    case 'run.ended':
    case 'run.failed':
    case 'run.health':
      return { ...state, run: reduceRun(state.run, event), ...aroundRun(event) }
    case 'past.read':
      return { ...state, past: readPast(event) }
    case 'health.opened':
    case 'health.events':
    case 'health.failed':
    case 'health.none':
      return { ...state, health: reduceHealth(state.health, event) }
    case 'traffic.none':
    case 'traffic.read':
    case 'traffic.failed':
    case 'deploy.opened':
    case 'deploy.events':
    case 'deploy.closed':
      return moved(state, reduceTraffic(state.traffic, event), 'now' in event ? event.now : state.now)
    case 'prune.planned':
      return { ...state, prune: { plan: event.plan, selection: suggestedSelection(event.plan.rows) } }
    case 'prune.selected':
      return state.prune ? { ...state, prune: { ...state.prune, selection: event.selection } } : state
    case 'clock.ticked':
    case 'busy.started':
    case 'busy.ended':
    case 'flash.shown':
    case 'error.shown':
    case 'filter.changed':
    case 'help.changed':
    case 'version.marked':
    case 'compare.changed':
    case 'recovery.opened':
    case 'recovery.read':
    case 'trust.read':
    case 'options.read-only':
      return { ...state, ...reduceFields(state, event) }
  }
}

/** A new plan replaces the old one as a whole. The cursor stays where it was when only the selection changed. */
function openPlan(state: AppState, { plan, request }: Extract<AppEvent, { type: 'plan.made' }>): AppState {
  const { target, except } = request
  const isSame = state.plan?.target === target && state.plan.plan.to === plan.to
  const last = Math.max(0, planRows(plan).length - 1)
  const at = isSame ? Math.min(state.cursors.plan ?? 0, last) : 0
  return { ...state, plan: { plan, target, except }, cursors: { ...state.cursors, plan: at, step: 0 } }
}

/** The cursor of the traffic screen follows the deploy, unless the operator has moved it. */
function moved(state: AppState, traffic: AppState['traffic'], now: string): AppState {
  const [from, to] = [state.traffic?.deploy?.position ?? 0, traffic?.deploy?.position ?? 0]
  const isThere = (state.cursors.traffic ?? 0) === from
  const last = Math.max(0, (traffic?.deploy?.stages.length ?? 0) - 1)
  const cursors = isThere && from !== to ? { ...state.cursors, traffic: Math.min(to, last) } : state.cursors
  return { ...state, traffic, now, cursors }
}

const NOT_READ = { registries: null, registriesAt: null, registriesError: null } as const

/** What else an event of a run changes: from its start on, what was read of the registries before is no longer true. */
function aroundRun(event: AppEvent): Partial<AppState> {
  if (event.type === 'run.events') return { now: event.now }
  if (event.type === 'run.ended' || event.type === 'run.failed') return { past: null }
  return event.type === 'run.opened' ? { past: null, ...NOT_READ } : {}
}

/** Another run opens on the first step that needs something. */
function recoveryCursors(state: AppState, { view, steps }: RecoveryReport): AppState['cursors'] {
  if (state.recovery?.view.id === view.id) return state.cursors
  const first = steps.findIndex(({ next }) => next !== 'nothing')
  return { ...state.cursors, recovery: Math.max(0, first) }
}

type FieldEvent = Exclude<
  AppEvent,
  {
    type: `${'past' | 'screen' | 'cursor' | 'overview' | 'registries' | 'plan' | 'run' | 'health' | 'traffic' | 'deploy' | 'prune' | 'dialog'}.${string}`
  }
>

function reduceFields(state: AppState, event: FieldEvent): Partial<AppState> {
  switch (event.type) {
    case 'clock.ticked':
      return { now: event.now }
    case 'busy.started':
      return { busy: event.busy, error: null, flash: null }
    case 'busy.ended':
      return { busy: null }
    case 'flash.shown':
      return { flash: event.flash }
    case 'error.shown':
      return { error: event.error }
    case 'filter.changed':
      return { filter: { text: event.text, isOpen: event.isOpen }, cursors: { ...state.cursors, [state.screen]: 0 } }
    case 'help.changed':
      return { help: event.help }
    case 'version.marked':
      return { markedId: event.id }
    case 'compare.changed':
      return { compare: event.compare }
    case 'recovery.opened':
      return { recoveryRun: event.run, recovery: state.recovery?.view.id === event.run ? state.recovery : null }
    case 'recovery.read':
      return { recovery: event.recovery, recoveryAt: event.now, cursors: recoveryCursors(state, event.recovery) }
    case 'trust.read':
      return { trust: event.trust }
    case 'options.read-only':
      return { options: { ...state.options, isReadOnly: true } }
  }
}

type Reading = Extract<AppEvent, { type: `${'overview' | 'registries'}.${string}` }>

function reduceReadings(state: AppState, event: Reading): AppState {
  switch (event.type) {
    case 'overview.read':
      return { ...state, overview: event.overview, overviewError: null, now: event.now, readAt: event.now }
    case 'overview.failed':
      return { ...state, overviewError: event.error }
    case 'registries.reading':
      return { ...state, isReadingRegistries: true, registriesError: null }
    case 'registries.read':
      return {
        ...state,
        registries: event.registries,
        isReadingRegistries: false,
        now: event.now,
        registriesAt: event.now,
      }
    case 'registries.failed':
      return { ...state, isReadingRegistries: false, registriesError: event.error }
    case 'registries.dropped':
      return { ...state, isReadingRegistries: false }
  }
}

/** What one screen leaves behind when another one opens. */
const ON_CHANGE = { help: null, flash: null, error: null, filter: { text: '', isOpen: false } } as const

function openScreen(state: AppState, event: Extract<AppEvent, { type: 'screen.opened' }>): AppState {
  if (state.screen === event.screen) return state
  const back: readonly Screen[] =
    event.isRoot === true ? ['history' as const] : [...state.back.filter((one) => one !== event.screen), state.screen]
  return {
    ...state,
    ...ON_CHANGE,
    screen: event.screen,
    back: event.screen === 'history' ? [] : back,
    screenSinceMs: event.atMs,
  }
}

function leaveScreen(state: AppState, atMs: number): AppState {
  const screen = state.back.at(-1)
  if (!screen) return state
  return { ...state, ...ON_CHANGE, screen, back: state.back.slice(0, -1), screenSinceMs: atMs }
}
