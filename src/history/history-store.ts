import type { Deployment, DeploymentStatus, FileHistory, Hold } from '../domain/deployment.ts'
import type { JsonObject } from '../domain/json.ts'
import type { Archives } from './read-archives.ts'
import type { OtherMemory, RepairProposal } from './repair/propose-repair.ts'
import type { HistoryCheck } from './repair/verify-history.ts'

/** One change of the history, applied as a text splice: every byte outside it stays as it was. */
export type HistoryEdit =
  /** Goes in first; the store gives it its id. */
  | { readonly kind: 'insert'; readonly deployment: Omit<Deployment, 'id'> }
  /** Rewrites an entry this same run inserted (a partial one that was finished later); `id` stays. */
  | { readonly kind: 'replace'; readonly id: number; readonly deployment: Omit<Deployment, 'id'> }
  | { readonly kind: 'set-status'; readonly id: number; readonly status: DeploymentStatus }
  | { readonly kind: 'set-pinned'; readonly id: number; readonly pinned: boolean }
  | { readonly kind: 'hold'; readonly hold: Hold }
  /** Those that count in the environment; without one those of every environment. */
  | { readonly kind: 'lift-hold'; readonly version: string; readonly environment?: string }
  /** Moves entries, as they stand, into `.bagboy/archive/`. */
  | { readonly kind: 'archive'; readonly ids: readonly number[] }
  /** Puts archived entries back, each as it stands in the archive, at the place of its id. */
  | { readonly kind: 'restore'; readonly texts: readonly string[] }

/** Who commits, for the revision record. */
export interface CommitNote {
  readonly run: string
  readonly epoch: number
  readonly purpose: string
  readonly actor: JsonObject
}

export interface LoadedHistory<Content extends FileHistory = FileHistory> {
  readonly history: Content
  /** sha256 of the file's bytes, hexadecimal; of no bytes when there is no file. */
  readonly hash: string
  /** Newest committed revision; 0 before the first. */
  readonly revision: number
  /** Why nothing may be written (`newer schema`), or `null`. */
  readonly readOnly: string | null
  /** What the operator should know about the file: edited by hand, behind its committed revisions. */
  readonly warnings?: readonly string[]
}

export interface NewestHistory<Content extends FileHistory = FileHistory> extends Pick<
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
  glance(): Promise<LoadedHistory<Content>>
  /**
   * The first `count` entries, without looking at the others; of a short history all of them. A glance again: holds,
   * commits that the file does not show yet, and mistakes further down are found by `read`. @throws as `read`
   */
  newest(count: number): Promise<NewestHistory<Content>>
  /**
   * Durable when it settles. The edits are computed from the newest state by `change`, which is called again when
   * somebody else committed first.
   * `assertHeld` is asked before each try.
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
   * Takes the next revision without a change, for whoever took over a run: an earlier owner that was stopped right
   * before its commit finds the number taken, and asks again whether it still may.
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
