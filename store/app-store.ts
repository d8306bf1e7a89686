import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppEvent } from './app-event.ts'
import { reduce } from './reduce.ts'
import type { AppState } from './state.ts'

export interface AppStore extends Pick<StoreApi<AppState>, 'getState' | 'getInitialState' | 'subscribe'> {
  /** The only way to change the state. */
  readonly dispatch: (event: AppEvent) => void
}

export function createAppStore(state: AppState): AppStore {
  const api = createStore<AppState>(() => state)
  return {
    getState: api.getState,
    getInitialState: api.getInitialState,
    subscribe: api.subscribe,
    dispatch: (event) => api.setState(reduce(api.getState(), event), true),
  }
}
