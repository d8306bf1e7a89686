import type { RollbackPlan } from '../../domain/plan.ts'
import type { ErrorReport } from '../../errors/bagboy-error.ts'
import type { ReleaseVerdict, StampedWatch, WatchMode } from '../../events/watch-events.ts'
import type { OperationHandle } from '../../operation/operation-handle.ts'
import type { WatchView } from '../../events/project-watch.ts'

/** When a watch ends by itself. */
export type WatchEnd =
  /** Every check was asked once. */
  | 'one-round'
  /** A trigger fired, or none is about to. */
  | 'decided'
  /** `analysis.window` is over, or the version is found unhealthy before. */
  | 'window'
  /** Not before `forMs` is over; without it, never. */
  | 'stopped'

export interface WatchRequest {
  readonly until: WatchEnd
  /** What is done when a trigger fires. Default: what `rollback.mode` says, and `propose` where it says nothing. */
  readonly mode?: WatchMode
  /** Whether a person watches who can stop an automatic rollback: only then it waits for its countdown. */
  readonly hasOperator: boolean
  /** Whether what is decided about a trigger ends the watch, as for a command, or it goes on, as for the app. */
  readonly endsWithDecision: boolean
  /** Instead of `analysis.window`, ms. */
  readonly windowMs?: number
  /** Of a watch that only ends when it is stopped: it is judged and ends after this long, unless a trigger has fired, ms. */
  readonly forMs?: number
  /** History id of the entry that gets the verdict of the window. */
  readonly judges?: number
  /** Of the rollback that would be made. */
  readonly reason: string
  readonly incident: string
}

/** The commands that a running watch takes. */
export type WatchCommand =
  /** Stop the countdown; nothing is rolled back by itself until `arm`. */
  | 'veto'
  /** Act by itself when a trigger fires, or on one that has fired. */
  | 'arm'
  /** Do not act by itself. */
  | 'hold'
  /** Ask every check now. */
  | 'probe'

export type WatchResult =
  /** It was ended early. */
  | { readonly kind: 'stopped' }
  /** Nothing is to be done. */
  | { readonly kind: 'quiet' }
  /** Nothing could be told. */
  | { readonly kind: 'inconclusive'; readonly why: string }
  /** A trigger fired and its rollback was begun: a run with the id of the plan. */
  | { readonly kind: 'approved'; readonly plan: RollbackPlan }
  /** A trigger fired; the plan waits for a decision. */
  | { readonly kind: 'proposed'; readonly plan: RollbackPlan; readonly why: string }
  /** A trigger fired and nothing is done about it. */
  | { readonly kind: 'refused'; readonly error: ErrorReport }
  | { readonly kind: 'vetoed' }
  /** A window is over. */
  | { readonly kind: 'judged'; readonly verdict: ReleaseVerdict; readonly why: string }

export interface WatchOutcome {
  readonly result: WatchResult
  readonly view: WatchView
}

/** A watch that goes on; its events can be read once. */
export interface WatchHandle extends OperationHandle<StampedWatch, WatchOutcome> {
  command(command: WatchCommand): void
}
