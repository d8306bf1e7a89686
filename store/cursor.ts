import type { AppState, Screen } from './state.ts'

export function cursorOf(state: AppState, screen: Screen): number {
  return state.cursors[screen] ?? 0
}
