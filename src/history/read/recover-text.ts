import { isUtf8 } from 'node:buffer'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Files } from '../../platform/platform.ts'
import type { HistoryFolder } from '../history-folder.ts'
import { hashOf, type Revision } from '../revision.ts'
import { applySplices } from '../edit/splices.ts'
import { ifReadable } from '../../platform/unreadable.ts'

/** The history that is in force, regardless of what the file says at the moment. */
export interface RecoveredText {
  readonly text: string
  /** sha256 of the text's bytes. */
  readonly hash: string
  readonly newest: Revision | undefined
  /** Committed revisions that the file does not show yet. */
  readonly behind: number
  /** The file was edited since the last commit. */
  readonly isForeign: boolean
}

/** The file as it was read; `undefined` when there is none. */
export interface FileBytes {
  readonly bytes: Uint8Array | undefined
  /** sha256 of the bytes. */
  readonly hash: string
}

interface Source {
  readonly files: Files
  readonly folder: HistoryFolder
  readonly label: string
}

/**
 * Holds the file against the commit records: it may be the newest revision, an older one (a commit died before
 * it was written into the file, and is made good here, in memory), or a person's edit.
 * @throws HISTORY_CORRUPT when committed revisions exist and the file is missing, empty or not readable
 */
export async function recoverText(
  source: Source,
  { bytes, hash }: FileBytes,
  known?: { readonly hash: string; readonly text: string },
): Promise<RecoveredText> {
  const newest = await newestRevision(source.folder)
  if (!newest || hash === newest.next) {
    const text = known?.hash === hash ? known.text : decode(source.label, bytes)
    return { text, hash, newest, behind: 0, isForeign: false }
  }
  const found = await findRevision(source.folder, newest, hash)
  if (found.isKnown) {
    const rolled = found.chain ? rollForward(decode(source.label, bytes), found.chain) : undefined
    const text = rolled ?? (await lastGoodText(source, newest))
    if (text === undefined)
      throw await corrupt(source, 'is an older state, and what was committed since cannot be read')
    return { text, hash: newest.next, newest, behind: found.steps, isForeign: false }
  }
  const text = decode(source.label, bytes)
  if (text.trim() === '') throw await corrupt(source, bytes === undefined ? 'is gone' : 'is empty')
  return { text, hash, newest, behind: 0, isForeign: true }
}

async function newestRevision(folder: HistoryFolder): Promise<Revision | undefined> {
  const number = await folder.newestNumber()
  return number === 0 ? undefined : await folder.revision(number)
}

interface Found {
  readonly isKnown: boolean
  readonly steps: number
  /** From the hash to the newest revision; `undefined` when a person's edit lies between them. */
  readonly chain?: readonly Revision[]
}

async function findRevision(folder: HistoryFolder, newest: Revision, hash: string): Promise<Found> {
  const chain: Revision[] = []
  let isWhole = true
  for (let revision: Revision | undefined = newest; revision;) {
    chain.unshift(revision)
    if (revision.prev === hash) return { isKnown: true, steps: chain.length, ...(isWhole ? { chain } : {}) }
    const older: Revision | undefined = await folder.revision(revision.revision - 1)
    if (older?.next === hash) return { isKnown: true, steps: chain.length }
    isWhole &&= older?.next === revision.prev
    revision = older
  }
  return { isKnown: false, steps: 0 }
}

/** `undefined` when the records do not lead where they say. */
function rollForward(start: string, chain: readonly Revision[]): string | undefined {
  let text: string | undefined = start
  for (const { splices } of chain) text = text === undefined ? undefined : applySplices(text, splices)
  return text !== undefined && hashOf(text) === chain.at(-1)?.next ? text : undefined
}

/** The newest revision, made again from the newest backup that leads to it. */
export async function lastGoodText({ files, folder, label }: Source, newest: Revision): Promise<string | undefined> {
  for (const backup of await folder.backups()) {
    const bytes = await ifReadable(files.read(backup.path))
    const found = bytes ? await findRevision(folder, newest, hashOf(bytes)) : undefined
    const text = bytes && found?.chain ? rollForward(decode(label, bytes), found.chain) : undefined
    if (text !== undefined) return text
  }
  return undefined
}

/** The error that names what can be done. */
export async function corrupt({ folder, label }: Pick<Source, 'folder' | 'label'>, what: string): Promise<BagboyError> {
  const [backup] = await folder.backups()
  const remedy = backup
    ? `The newest good copy is ${backup.path}; copied over the file, it is brought up to date by itself.`
    : 'There is no backup; take the file from version control.'
  return new BagboyError('HISTORY_CORRUPT', `${label} ${what}, but revisions of it were committed.`, {
    hint: `bagboy-tui history repair. ${remedy}`,
    details: { backup: backup?.path ?? null },
  })
}

function decode(label: string, bytes: Uint8Array | undefined): string {
  if (bytes && !isUtf8(bytes)) {
    throw new BagboyError('HISTORY_INVALID', `${label} is not UTF-8 text.`, {
      hint: 'Save it as UTF-8, or take the last good copy: bagboy-tui history repair',
    })
  }
  return bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : ''
}
