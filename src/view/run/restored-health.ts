import type { ReleaseVerdict } from '../../events/watch-events.ts'

/** What the health of the version says that a run has gone back to. */
export interface RestoredHealth {
  readonly verdict: ReleaseVerdict
  readonly why: string
}
