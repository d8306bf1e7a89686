import type { StampedWatch } from '../../src/events/watch-events.ts'
import type { ErrorReport } from '../../src/errors/bagboy-error.ts'
import type { WatchView } from '../../src/events/project-watch.ts'

/** What is known of the health of what is live. */
export interface HealthState {
  /** `guard`: as long as the app is open; `run`: beside a run; `window`: what a rollback went back to. */
  readonly purpose: 'guard' | 'run' | 'window'
  /** `null` until it has begun. */
  readonly view: WatchView | null
  /** Why nothing is watched any more. */
  readonly error: ErrorReport | null
}

export type HealthEvent =
  | { readonly type: 'health.opened'; readonly purpose: HealthState['purpose'] }
  | { readonly type: 'health.events'; readonly events: readonly StampedWatch[] }
  | { readonly type: 'health.failed'; readonly error: ErrorReport }
  | { readonly type: 'health.none' }
