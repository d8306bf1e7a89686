import type { AppEvent } from '../../store/app-event.ts'
import type { Commands } from '../../store/commands.ts'
import type { AppState } from '../../store/state.ts'
import type { Layout } from '../frame/layout.ts'

/** What an action may use. */
export interface ActionContext {
  readonly commands: Commands
  readonly state: AppState
  readonly layout: Layout
  readonly dispatch: (event: AppEvent) => void
  readonly quit: (exitCode: number) => void
  readonly suspend: () => void
  readonly redraw: () => void
}

export type Action = (context: ActionContext) => void
