import type { AppState } from '../state.ts'
import type { HistoryEvent } from './history-state.ts'

export function reduceHistory(state: AppState, event: HistoryEvent): AppState {
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
    case 'filter.changed': {
      const filter = { text: event.text, isOpen: event.isOpen }
      return { ...state, filter, cursors: { ...state.cursors, [state.screen]: 0 } }
    }
    case 'version.marked':
      return { ...state, markedId: event.id }
    case 'compare.changed':
      return { ...state, compare: event.compare }
  }
}
