import type { FileHistory } from '../domain/deployment.ts'
import type { Archives } from './read/read-archives.ts'
import type { OtherMemory, RepairProposal } from './repair/propose-repair.ts'
import type { HistoryCheck } from './repair/verify-history.ts'
import type { HistoryEdit, CommitNote } from './history-edit.ts'
import type { LoadedHistory } from './loaded-history.ts'

export interface RecentHistory<Content extends FileHistory = FileHistory> extends Pick<
  LoadedHistory<Content>,
  'history' | 'readOnly'
> {
  /** Nothing is missing. */
  readonly isWhole: boolean
}

export interface CommittedHistory<Content extends FileHistory = FileHistory> extends LoadedHistory<Content> {
  /** Of the inserted entry, when there was one. */
  readonly deploymentId: number | null
  /** Paths of the files that keep what an `archive` edit took out. */
  readonly archiveFiles?: readonly string[]
}

/** A history file: all of it, or the part of one environment (`environmentStore`). */
export interface HistoryStore<Content extends FileHistory = FileHistory> {
  readonly file: string
  /** @throws HISTORY_INVALID, HISTORY_CONFLICT, HISTORY_CORRUPT with file:line:column. */
  read(): Promise<LoadedHistory<Content>>
  /** As `read`, for showing only: of a long history through the index that the last commit left. @throws as `read` */
  readIndexed(): Promise<LoadedHistory<Content>>
  /**
   * The first `count` entries, without looking at the others; of a short history all of them. A glance again: holds,
   * commits that the file does not show yet, and mistakes further down are found by `read`. @throws as `read`
   */
  readRecent(count: number): Promise<RecentHistory<Content>>
  /**
   * Durable when it settles. The edits are computed from the newest state by `change`, which is called again when
   * another process committed first. `assertHeld` is asked before each try.
   * @throws HISTORY_TOO_NEW, HISTORY_CHANGED and what `read` and `assertHeld` throw; the file is then untouched.
   */
  commit(
    change: (loaded: LoadedHistory<Content>) => readonly HistoryEdit[],
    note: CommitNote,
    assertHeld?: () => Promise<void>,
  ): Promise<CommittedHistory<Content>>
  /**
   * Works a commit out as it would be made now, and writes nothing: what the history cannot take is found before anything
   * is moved for it. @throws as `commit`
   */
  rehearse(change: (loaded: LoadedHistory<Content>) => readonly HistoryEdit[], note: CommitNote): Promise<void>
  /**
   * Takes the next revision without a change, after a takeover of a run: an earlier owner that was stopped right before
   * its commit finds the number taken, and checks again whether it still has the lock.
   */
  fence(note: CommitNote): Promise<void>
  /** Every entry that was pruned. Reads only. */
  archives(): Promise<Archives>
  /** Every byte it depends on. Writes nothing. */
  verify(): Promise<readonly HistoryCheck[]>
  /** Of a history that cannot be read: a file that could take its place. `undefined` when there is nothing to propose. */
  proposeRepair(remembered: () => Promise<OtherMemory>): Promise<RepairProposal | undefined>
  /** @throws HISTORY_CHANGED */
  acceptRepair(proposal: RepairProposal, note: CommitNote): Promise<LoadedHistory>
}
