import type { MeasureContext } from '../../health/measure.ts'
import type { HealthContext } from '../../health/run-round.ts'
import type { WatchMode } from '../../events/watch-events.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { WatchFacts } from './watch-facts.ts'
import type { WatchRecorder } from './watch-recorder.ts'
import type { WatchRequest, WatchResult } from './watch.ts'
import type { WatchSubjects } from './watch-subjects.ts'
import type { WatchLock } from './watch-lock.ts'

/** What the parts of one watch share. */
export interface WatchContext {
  readonly parts: EngineParts
  readonly request: WatchRequest & { readonly mode: WatchMode }
  /** The lock under which it is recorded; absent when the watch has none. */
  readonly lock?: WatchLock | undefined
  readonly recorder: WatchRecorder
  readonly subjects: WatchSubjects
  readonly seen: WatchFacts
  readonly health: HealthContext
  readonly measuring: MeasureContext
  /** Aborts when the watch is over. */
  readonly signal: AbortSignal
  /** Ends the watch with a result; the first one counts. */
  readonly end: (result: WatchResult) => void
  /** Ends the watch with an error. */
  readonly fail: (error: unknown) => void
}
