import type { ErrorReport } from '../src/errors/bagboy-error.ts'
import type { DialogEvent } from './dialog/dialog.ts'
import type { HealthEvent } from './health/health-state.ts'
import type { HistoryEvent } from './history/history-state.ts'
import type { PlanEvent } from './plan/plan-state.ts'
import type { PruneEvent } from './prune/selection.ts'
import type { RecoveryEvent } from './recovery/recovery-event.ts'
import type { PastEvent, RunAppEvent } from './run/run-state.ts'
import type { AppState, Busy, Flash, Screen } from './state.ts'
import type { TrafficEvent } from './traffic/traffic-state.ts'

/** What changes the frame around the screens. */
export type FrameEvent =
  | { readonly type: 'clock.ticked'; readonly now: string }
  | { readonly type: 'screen.opened'; readonly screen: Screen; readonly atMs: number; readonly isRoot?: boolean }
  | { readonly type: 'screen.left'; readonly atMs: number }
  | { readonly type: 'cursor.set'; readonly screen: Screen; readonly index: number }
  | { readonly type: 'busy.started'; readonly busy: Busy }
  | { readonly type: 'busy.ended' }
  | { readonly type: 'flash.shown'; readonly flash: Flash | null }
  | { readonly type: 'error.shown'; readonly error: ErrorReport | null }
  | { readonly type: 'help.changed'; readonly help: { readonly text: string; readonly offset: number } | null }
  | { readonly type: 'trust.read'; readonly trust: AppState['trust'] }
  | { readonly type: 'options.read-only' }

/** Everything that may change the app's state; `reduce` is the only reader. */
export type AppEvent =
  | FrameEvent
  | HistoryEvent
  | PlanEvent
  | RunAppEvent
  | PastEvent
  | RecoveryEvent
  | HealthEvent
  | TrafficEvent
  | PruneEvent
  | DialogEvent
