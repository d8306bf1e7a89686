import type { BagboyError } from '../errors/bagboy-error.ts'
import type { Stamped } from '../events/events.ts'
import type { RunOrigin } from './run-origin.ts'

/** What every record of a journal carries: whose it is, from 1 without gaps, and when. */
export interface JournalRecord {
  readonly run: string
  readonly seq: number
  readonly at: string
}

/**
 * The durable event stream of one run, hash-chained, signed, one fsync a record: `journal.jsonl` of the process that
 * started it, then `2.journal.jsonl`, … of each owner after a takeover. No owner writes into the part of another.
 */
export interface Journal<Event extends JournalRecord = Stamped> {
  /** Which part of the run's journal this is, from 1: every owner has one. */
  readonly part: number
  /** The record is on disk when it settles; a failure stops the run (write-ahead). @throws DISK */
  append(event: Event): Promise<void>
  close(): Promise<void>
}

/** A journal that goes on where others have left it. */
export interface TakenJournal<Event extends JournalRecord = Stamped> {
  readonly journal: Journal<Event>
  /** What counts of the records of the earlier owner; what it appends from now on does not count. */
  readonly past: readonly Event[]
  /** The frozen plan, as it was when the origin was checked. */
  readonly planText: string
  /** Of `past` and the plan, before we went on with them. */
  readonly origin: RunOrigin
}

/** A run as it stands on disk, with whose it is. */
export interface InspectedRun<Event extends JournalRecord = Stamped> {
  /** Up to the first damaged record. */
  readonly events: readonly Event[]
  readonly planText: string
  readonly origin: RunOrigin
  /** JOURNAL_CORRUPT (a bad record with good ones behind it); `null` when every record was read. */
  readonly damage: BagboyError | null
}

/** Whether to go on with a run that is not proved to be ours. */
export type TakeoverMode = 'own-only' | 'takeover'

export interface RunFolder {
  readonly run: string
  readonly isOpen: boolean
}

export interface JournalStore<Event extends JournalRecord = Stamped> {
  /** Newest first. An open folder is an outstanding obligation. */
  list(): Promise<readonly RunFolder[]>
  /** Creates the run's folder with its frozen plan, signed. @throws RUN_OPEN when it exists, KEY_UNUSABLE */
  create(run: string, planText: string): Promise<Journal<Event>>
  /**
   * Takes an open run over with a part of its own, behind all others. `assertHeld` is asked once that part exists:
   * then no earlier owner of the lock can have a later part. A foreign run needs a `takeover`.
   * @throws RUN_UNKNOWN, RUN_NOT_OPEN, RUN_FOREIGN, JOURNAL_CORRUPT, KEY_UNUSABLE, and what `assertHeld` throws
   */
  reopen(run: string, assertHeld: () => Promise<void>, mode?: TakeoverMode): Promise<TakenJournal<Event>>
  /** Open or closed, regardless of its faults. @throws RUN_UNKNOWN, KEY_UNUSABLE */
  inspect(run: string): Promise<InspectedRun<Event>>
  /** Open or closed. @throws RUN_UNKNOWN, JOURNAL_CORRUPT (a bad record with good ones behind it). */
  read(run: string): Promise<readonly Event[]>
  /**
   * Every record, then each that is appended, by its owner at that time, until it is closed or `signal` aborts. After a
   * takeover it goes on from the last record that counts, so a number may come twice.
   * @throws as `read`
   */
  follow(run: string, signal: AbortSignal): AsyncIterable<Event>
  /** The frozen plan, as it was given to `create`. @throws RUN_UNKNOWN */
  readPlan(run: string): Promise<string>
  /** Moves a run that the owner of `part` has finished to `runs/closed/`. It stays open when a later part exists. */
  close(run: string, part: number): Promise<void>
}
