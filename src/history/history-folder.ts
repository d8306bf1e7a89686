import { join } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files } from '../platform/platform.ts'
import { ignoreLocal } from '../state-folder/ignore-local.ts'
import { hashOf, parseRevision, revisionText, type Revision } from './revision.ts'

/** Older records only serve writers that were frozen in the middle of a commit. */
const KEEP_REVISIONS = 1000
const KEEP_BACKUPS = 16
/** Removed per commit, so that no commit pays for all the others. */
const REMOVE_AT_ONCE = 2

const REVISION_FILE = /^(\d{10,})\.json$/u
const LAST_REVISION = 999_999_999
const BACKUP_FILE = /^(\d{10})-[0-9a-f]{16}\.yml$/u
const ARCHIVE_FILE = /^deployments-\d+(?:-\d+){0,2}\.yml$/u

/** A copy of the history as it was before a revision. */
export interface Backup {
  readonly path: string
  readonly revision: number
}

/** What `.bagboy` holds beside the history itself. */
export interface HistoryFolder {
  /** Highest number in `rev/`; 0 before the first commit. */
  newestNumber(): Promise<number>
  /** Of all records that are there, oldest first. */
  revisionNumbers(): Promise<readonly number[]>
  /** `undefined` when it is gone. @throws HISTORY_CORRUPT */
  revision(number: number): Promise<Revision | undefined>
  /** The commit. `false` when another process has taken the number. */
  createRevision(revision: Revision): Promise<boolean>
  /** A damaged record is kept, under a name that is never read. */
  setAside(revision: number): Promise<void>
  /** Newest first. */
  backups(): Promise<readonly Backup[]>
  /** Keeps the bytes a revision starts from. Idempotent. */
  createBackup(revision: number, bytes: Uint8Array): Promise<void>
  /** Never overwrites: gives the name it was written under. */
  createArchive(name: string, text: string): Promise<string>
  /** Every file of pruned entries, by name. */
  archives(): Promise<readonly { readonly path: string; readonly bytes: Uint8Array }[]>
  /** Folders, and what git should not take in. */
  prepare(): Promise<void>
  /** Drops a few of the oldest records and backups. */
  trim(newest: number): Promise<void>
}

export function openHistoryFolder(files: Files, folder: string): HistoryFolder {
  const [revisions, backups, archive] = [join(folder, 'rev'), join(folder, 'backups'), join(folder, 'archive')]
  const revisionPath = (number: number) => join(revisions, `${digits(number)}.json`)
  const numbers = async () => (await files.list(revisions)).flatMap((name) => revisionIn(join(revisions, name), name))
  const listBackups = async () => {
    const names = (await files.list(backups)).filter((name) => BACKUP_FILE.test(name))
    return names.reverse().map((name) => ({ path: join(backups, name), revision: Number(name.slice(0, 10)) }))
  }
  return {
    newestNumber: async () => (await numbers()).at(-1) ?? 0,
    revisionNumbers: numbers,
    setAside: (number) => files.rename(revisionPath(number), `${revisionPath(number)}.damaged`),
    async revision(number) {
      const bytes = await files.read(revisionPath(number))
      return bytes ? parseRevision(revisionPath(number), Buffer.from(bytes).toString('utf8')) : undefined
    },
    createRevision: (revision) =>
      files.createExclusive(revisionPath(revision.revision), encode(revisionText(revision))),
    backups: listBackups,
    async createBackup(revision, bytes) {
      await files.createExclusive(join(backups, `${digits(revision)}-${hashOf(bytes).slice(0, 16)}.yml`), bytes)
    },
    async archives() {
      const names = (await files.list(archive)).filter((name) => ARCHIVE_FILE.test(name))
      const read = names.map(async (name) => ({
        path: join(archive, name),
        bytes: await files.read(join(archive, name)),
      }))
      return (await Promise.all(read)).flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : []))
    },
    createArchive: (name, text) => createArchive(files, archive, name, encode(text)),
    async prepare() {
      for (const path of [folder, revisions, backups, archive]) await files.makeFolder(path)
      await ignoreLocal(files, folder)
    },
    async trim(newest) {
      const oldest = (await numbers()).filter((number) => number <= newest - KEEP_REVISIONS).slice(0, REMOVE_AT_ONCE)
      for (const number of oldest) await files.remove(revisionPath(number))
      const surplus = (await listBackups()).slice(KEEP_BACKUPS).slice(-REMOVE_AT_ONCE)
      for (const { path } of surplus) await files.remove(path)
    },
  }
}

// The same entries may lie there from a commit that lost its race; anything else keeps its name.
async function createArchive(files: Files, folder: string, name: string, bytes: Uint8Array): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const tried = copy === 1 ? name : name.replace(/\.yml$/u, `-${copy}.yml`)
    if (await files.createExclusive(join(folder, tried), bytes)) return tried
    const there = await files.read(join(folder, tried))
    if (there && Buffer.compare(there, bytes) === 0) return tried
  }
}

/** @throws HISTORY_CORRUPT for a number that no history reaches: the next one could not be written */
function revisionIn(path: string, name: string): readonly number[] {
  const found = REVISION_FILE.exec(name)?.[1]
  if (found === undefined) return []
  if (Number(found) <= LAST_REVISION) return [Number(found)]
  throw new BagboyError('HISTORY_CORRUPT', `${sanitize(path)} has a number that no history reaches.`, {
    hint: `Move it out of the folder, then check the others: bagboy-tui history verify`,
  })
}

function digits(number: number): string {
  return String(number).padStart(10, '0')
}

function encode(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
