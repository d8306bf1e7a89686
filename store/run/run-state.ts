import type { Stamped } from '../../src/events/events.ts'
import type { LockInfo, RunOutcome } from '../../src/engine/engine.ts'
import type { ErrorReport } from '../../src/errors/bagboy-error.ts'
import type { ReleaseVerdict } from '../../src/events/watch-events.ts'
import type { RunView } from '../../src/events/project-run.ts'
import type { Tone as TextTone } from '../../src/view/text.ts'

export interface LogLine {
  readonly at: string
  readonly step: string
  readonly text: string
  readonly tone: TextTone
}

/** A run: being executed, watched, or read back from its journal. */
export interface RunState {
  readonly id: string
  /** `null` until its first event has arrived. */
  readonly view: RunView | null
  readonly log: readonly LogLine[]
  readonly isActive: boolean
  /** The other owner of a run that is only watched: nothing here reaches it. */
  readonly holder?: LockInfo
  readonly isPaused: boolean
  readonly isAborting: boolean
  readonly outcome: Pick<RunOutcome, 'result' | 'exitCode'> | null
  readonly error: ErrorReport | null
  /** The command line that does the same. */
  readonly command: string
  /** How the version that was gone back to does; `null` where that is not watched. */
  readonly health: RunHealth | null
}

export type RunHealth =
  | { readonly state: 'watching' }
  | { readonly state: ReleaseVerdict; readonly watchedMs: number; readonly why: string }

/** What the store learns about the run of this session. */
export type RunAppEvent =
  | { readonly type: 'run.opened'; readonly run: Pick<RunState, 'id' | 'command' | 'isActive' | 'holder'> }
  | { readonly type: 'run.events'; readonly events: readonly Stamped[]; readonly now: string }
  | { readonly type: 'run.paused'; readonly isPaused: boolean }
  | { readonly type: 'run.aborting' }
  | { readonly type: 'run.holder'; readonly holder: LockInfo }
  | { readonly type: 'run.closed' }
  | { readonly type: 'run.ended'; readonly outcome: RunOutcome }
  | { readonly type: 'run.failed'; readonly error: ErrorReport }
  | { readonly type: 'run.health'; readonly run: string; readonly health: RunHealth }

/** A run that was read from its journal. */
export interface PastEvent {
  readonly type: 'past.read'
  readonly run: Pick<RunState, 'id' | 'command'>
  readonly events: readonly Stamped[]
}
