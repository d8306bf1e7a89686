import type { AppEvent } from '../../store/app-event.ts'
import type { Commands } from '../../store/commands.ts'
import type { AppState, Screen } from '../../store/state.ts'
import type { Layout } from '../frame/layout.ts'

export type Scope = 'everywhere' | 'move' | Screen

/** What a key may use. */
export interface KeyContext {
  readonly commands: Commands
  readonly state: AppState
  readonly layout: Layout
  readonly dispatch: (event: AppEvent) => void
  readonly quit: (exitCode: number) => void
  readonly suspend: () => void
  readonly redraw: () => void
}

/** One key, complete: the dispatcher runs it, the bottom row, the help and docs/keys.md are made from it. */
export interface KeyBinding {
  readonly keys: readonly string[]
  readonly scope: Scope
  /** For the help. */
  readonly label: string
  /** For the bottom row; without one the key stands only in the help. */
  readonly hint?: string | ((state: AppState) => string)
  /** Ends in the engine changing something: upper case or confirmed, disabled in read-only mode. */
  readonly isDangerous?: boolean
  /** Its hint stands in the bottom row only while the key is enabled. */
  readonly isRare?: boolean
  /** What the screen is for: its hint keeps its place in the bottom row, however narrow it is. */
  readonly isMain?: boolean
  /** Why the key does nothing now, or `null`. Pure. */
  readonly disabledReason?: (state: AppState) => string | null
  readonly run: (context: KeyContext) => void
}

/** Why a key is disabled at this moment, or `null` when it is enabled. Pure. */
export function disabledReason(binding: KeyBinding, state: AppState): string | null {
  if (binding.isDangerous === true && state.options.isReadOnly) return 'read-only'
  if (binding.isDangerous === true && state.overview && state.overview.readOnly !== null) {
    return `the history is read-only: ${state.overview.readOnly}`
  }
  return binding.disabledReason?.(state) ?? null
}

/** The word of a key in the bottom row; empty when it has none. Pure. */
export function hintOf({ hint }: KeyBinding, state: AppState): string {
  return typeof hint === 'function' ? hint(state) : (hint ?? '')
}
