import type { FrameEvent } from './app-event.ts'
import type { AppState, Screen } from './state.ts'

export function reduceFrame(state: AppState, event: FrameEvent): AppState {
  switch (event.type) {
    case 'screen.opened':
      return openScreen(state, event)
    case 'screen.left':
      return leaveScreen(state, event.atMs)
    case 'cursor.set':
      return { ...state, cursors: { ...state.cursors, [event.screen]: event.index } }
    case 'clock.ticked':
      return { ...state, now: event.now }
    case 'busy.started':
      return { ...state, busy: event.busy, error: null, flash: null }
    case 'busy.ended':
      return { ...state, busy: null }
    case 'flash.shown':
      return { ...state, flash: event.flash }
    case 'error.shown':
      return { ...state, error: event.error }
    case 'help.changed':
      return { ...state, help: event.help }
    case 'trust.read':
      return { ...state, trust: event.trust }
    case 'options.read-only':
      return { ...state, options: { ...state.options, isReadOnly: true } }
  }
}

/** What one screen leaves behind when another one opens. */
const ON_CHANGE = { help: null, flash: null, error: null, filter: { text: '', isOpen: false } } as const

function openScreen(state: AppState, event: Extract<FrameEvent, { type: 'screen.opened' }>): AppState {
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
