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
