import type { StampedDeploy } from '../../src/events/deploy-events.ts'
import type { TrafficReport } from '../../src/engine/deploy/deploy.ts'
import type { ErrorReport } from '../../src/errors/bagboy-error.ts'
import type { PerSlot } from '../../src/domain/traffic/traffic.ts'
import type { DeployView } from '../../src/events/deploy-view.ts'
import type { LogLine } from '../run/run-state.ts'

/** The slots and the deploy between them, as far as they are known. */
export interface TrafficState {
  /** What the balancer said last; `null` before the first answer. */
  readonly report: TrafficReport | null
  /** Requests a second each slot got between the last two reads; `null` where that cannot be told. */
  readonly rates: PerSlot<number> | null
  readonly readAt: string
  /** Why the balancer could not be read the last time. */
  readonly error: ErrorReport | null
  /** The deploy that goes on, or went on last while the app was open. */
  readonly deploy: DeployView | null
  /** Whether its events arrive by themselves; otherwise no process works on it. */
  readonly isFollowed: boolean
  readonly log: readonly LogLine[]
}

export type TrafficEvent =
  | { readonly type: 'traffic.none' }
  | { readonly type: 'traffic.read'; readonly report: TrafficReport; readonly now: string }
  | { readonly type: 'traffic.failed'; readonly error: ErrorReport; readonly now: string }
  | { readonly type: 'deploy.opened' }
  | { readonly type: 'deploy.events'; readonly events: readonly StampedDeploy[]; readonly now: string }
  | { readonly type: 'deploy.closed' }
