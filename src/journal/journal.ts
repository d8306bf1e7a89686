import type { Stamped } from '../events/events.ts'

/** The durable event stream of one run: `.bagboy/runs/<run>/journal.jsonl`, hash-chained, one fsync a record. */
export interface Journal {
  /** The record is on disk when it settles; a failure stops the run (write-ahead). @throws DISK */
  append(event: Stamped): Promise<void>
  close(): Promise<void>
}

export interface RunFolder {
  readonly run: string
  readonly isOpen: boolean
}

export interface JournalStore {
  /** Newest first. An open folder is an outstanding obligation. */
  list(): Promise<readonly RunFolder[]>
  /** Creates the run's folder with its frozen plan. @throws RUN_OPEN when it exists. */
  create(run: string, planText: string): Promise<Journal>
  /** Goes on after the last good record; a torn tail is cut here, by the owner of the run only. */
  reopen(run: string): Promise<Journal>
  /** Open or closed. @throws RUN_UNKNOWN, JOURNAL_CORRUPT (a bad record with good ones behind it). */
  read(run: string): Promise<readonly Stamped[]>
  /** The frozen plan, as it was given to `create`. @throws RUN_UNKNOWN */
  readPlan(run: string): Promise<string>
  /** Moves a finished run to `runs/closed/`. */
  close(run: string): Promise<void>
}
