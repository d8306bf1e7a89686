import { join } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files } from '../platform/platform.ts'
import type { RunFolder } from './journal.ts'
import { PLAN, isFinished, partName, partsIn } from './run-files.ts'
import type { EventFault, JournalPart } from './read-journal.ts'
import { orUnreadable } from '../platform/unreadable.ts'

/** ULID: an id becomes a path only when it is one. */
const RUN_ID = /^[0-9A-Z]{26}$/u
const CLOSED = 'closed'

/** What is kept in a folder: how errors speak of it, which commands they name, and what its records hold. */
export interface RunVocabulary {
  readonly noun: string
  readonly list: string
  readonly see: (run: string) => string
  readonly goOn: (run: string) => string
  readonly takeoverCommand: (run: string) => string
  /** What its records have to hold. */
  readonly loadForm: () => Promise<EventFault>
}

export interface RunStorage {
  readonly files: Files
  /** `.bagboy/runs` or `.bagboy/deploys`, absolute. */
  readonly folder: string
  readonly words: RunVocabulary
}

export interface FoundRun {
  readonly path: string
  readonly names: readonly string[]
  readonly isOpen: boolean
}

/** @throws RUN_UNKNOWN for what is no id of a run */
export function openFolder(storage: RunStorage, run: string): string {
  if (!RUN_ID.test(run)) throw unknownRun(storage, run)
  return join(storage.folder, run)
}

export function closedFolder({ folder }: RunStorage, run: string): string {
  return join(folder, CLOSED, run)
}

/** Newest first. */
export async function listRuns(storage: RunStorage): Promise<readonly RunFolder[]> {
  const open = await listFolder(storage, storage.folder, openFolder)
  const closed = await listFolder(storage, join(storage.folder, CLOSED), closedFolder)
  return [...open, ...closed].sort((a, b) => (a.run < b.run ? 1 : -1))
}

async function listFolder(
  storage: RunStorage,
  folder: string,
  pathOf: (storage: RunStorage, run: string) => string,
): Promise<readonly RunFolder[]> {
  const runs = (await storage.files.list(folder)).filter((name) => RUN_ID.test(name))
  const isAmongOpen = pathOf === openFolder
  const found = await Promise.all(
    runs.map((run) => orUnreadable(readFolder(storage, pathOf(storage, run), isAmongOpen))),
  )
  return runs.flatMap((run, index) => {
    const one = found[index]
    // What cannot be looked into is listed: who inspects it is told why.
    if (one instanceof BagboyError) return [{ run, isOpen: isAmongOpen }]
    return one ? [{ run, isOpen: one.isOpen }] : []
  })
}

/** Wherever the run stands; it may be moved while we look. @throws RUN_UNKNOWN */
export async function findRun(storage: RunStorage, run: string): Promise<FoundRun> {
  const found =
    (await readFolder(storage, openFolder(storage, run), true)) ??
    (await readFolder(storage, closedFolder(storage, run), false))
  if (found) return found
  throw unknownRun(storage, run)
}

/** A folder without its plan is what a crash in `create` left: nothing has happened, nothing is owed. */
async function readFolder({ files }: RunStorage, path: string, isAmongOpen: boolean): Promise<FoundRun | undefined> {
  if ((await files.stat(path))?.kind !== 'folder') return undefined
  const names = await files.list(path)
  return names.includes(PLAN) ? { path, names, isOpen: isAmongOpen || !isFinished(names) } : undefined
}

export async function readParts(
  { files }: RunStorage,
  { path, names }: FoundRun,
  lastPart: number,
): Promise<readonly JournalPart[]> {
  const parts = partsIn(names).filter((part) => part <= lastPart)
  return await Promise.all(
    parts.map(async (part) => {
      const file = join(path, partName(part))
      const bytes = await orUnreadable(files.read(file))
      if (bytes instanceof BagboyError) return { file, part, bytes: new Uint8Array(), refused: bytes }
      return { file, part, bytes: bytes ?? new Uint8Array() }
    }),
  )
}

function unknownRun({ words }: RunStorage, run: string): BagboyError {
  return new BagboyError('RUN_UNKNOWN', `there is no ${words.noun} ${sanitize(run, 80)}`, { hint: words.list })
}
