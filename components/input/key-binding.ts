import type { AppState, Screen } from '../../store/state.ts'

export type Scope = 'everywhere' | 'move' | Screen

/** One line of the key table: the dispatcher obeys it, the bottom row, the help and the docs are made from it. */
export interface Binding {
  readonly action: string
  readonly keys: readonly string[]
  readonly scope: Scope
  /** For the help. */
  readonly label: string
  /** For the bottom row; without one it stands only in the help. */
  readonly hint?: string
  /** Ends in the engine changing something: upper case or confirmed, off in read-only mode. */
  readonly isDangerous?: boolean
  /** Its hint stands in the bottom row only while it is live. */
  readonly isRare?: boolean
  /** What the screen is for: its hint keeps its place in the bottom row, however narrow it is. */
  readonly isMain?: boolean
  /** Why it does nothing right now, or `null`. */
  readonly off?: (state: AppState) => string | null
}

/** Why a key is dead at this moment, or `null` when it is live. Pure. */
export function offReason(binding: Binding, state: AppState): string | null {
  if (binding.isDangerous === true && state.options.isReadOnly) return 'read-only'
  if (binding.isDangerous === true && state.overview && state.overview.readOnly !== null) {
    return `the history is read-only: ${state.overview.readOnly}`
  }
  return binding.off?.(state) ?? null
}
