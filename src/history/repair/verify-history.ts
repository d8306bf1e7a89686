import { isUtf8 } from 'node:buffer'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { loadHistory } from '../read/load-history.ts'
import { parseHistory } from '../read/parse-history.ts'
import { lastGoodText } from '../read/recover-text.ts'
import type { Revision } from '../revision.ts'
import { ifReadable, isUnreadable } from '../../platform/unreadable.ts'
import type { HistoryLocation } from '../history-location.ts'

/** One thing that was looked at. `note`: it is so, and nothing is wrong with it. */
export interface HistoryCheck {
  readonly what: string
  readonly state: 'good' | 'note' | 'bad'
  readonly detail: string
  /** What helps; empty when nothing has to. */
  readonly remedy: string
}

/**
 * Looks at every byte the history depends on. Writes nothing, throws for nothing it finds.
 * @throws DISK where reading fails for another reason than the file: no descriptor is left, the disk has faults
 */
export async function verifyHistory(location: HistoryLocation): Promise<readonly HistoryCheck[]> {
  const revisions = await readRevisions(location)
  return [await checkFile(location), checkRevisions(revisions), await checkBackups(location, revisions)].flat()
}

async function checkFile(location: HistoryLocation): Promise<readonly HistoryCheck[]> {
  try {
    const { loaded } = await loadHistory(location)
    const { deployments } = loaded.history
    const good: HistoryCheck = {
      what: location.label,
      state: 'good',
      detail: `${deployments.length} deployments, revision ${loaded.revision}`,
      remedy: '',
    }
    const notes = [...(loaded.warnings ?? []), ...(loaded.readOnly === null ? [] : [loaded.readOnly])]
    return [good, ...notes.map((detail): HistoryCheck => ({ what: location.label, state: 'note', detail, remedy: '' }))]
  } catch (error) {
    if (!isFinding(error)) throw error
    const remedy = error.hint ?? 'bagboy-tui history repair'
    return [{ what: location.label, state: 'bad', detail: error.message, remedy }]
  }
}

function isFinding(error: unknown): error is BagboyError {
  if (!(error instanceof BagboyError) || error.code === 'BUG') return false
  return error.code !== 'DISK' || isUnreadable(error)
}

type Read = { readonly number: number } & ({ readonly revision: Revision } | { readonly error: BagboyError })

async function readRevisions({ folder }: HistoryLocation): Promise<readonly Read[]> {
  const reads: Read[] = []
  for (const number of await folder.revisionNumbers()) {
    try {
      const revision = await folder.revision(number)
      if (revision) reads.push({ number, revision })
    } catch (error) {
      if (!isFinding(error)) throw error
      reads.push({ number, error })
    }
  }
  return reads
}

function checkRevisions(reads: readonly Read[]): readonly HistoryCheck[] {
  if (reads.length === 0) return [{ what: 'revisions', state: 'note', detail: 'nothing was committed yet', remedy: '' }]
  const damaged = reads.flatMap((read) => ('error' in read ? [bad('revisions', read.error.message)] : []))
  const gaps = reads.flatMap(({ number }, index) => {
    const before = reads[index - 1]
    return before && before.number !== number - 1 ? [bad('revisions', `record ${number - 1} is missing`)] : []
  })
  const [first, last] = [reads[0]?.number ?? 0, reads.at(-1)?.number ?? 0]
  const edits = reads.filter((read, index) => isEditBefore(reads[index - 1], read)).length
  const edited = edits === 0 ? '' : `, with ${edits === 1 ? 'a hand edit' : `${edits} hand edits`} between them`
  const good: HistoryCheck = {
    what: 'revisions',
    state: 'good',
    detail: `records ${first} to ${last} follow from each other${edited}`,
    remedy: '',
  }
  return damaged.length + gaps.length === 0 ? [good] : [...damaged, ...gaps]
}

function isEditBefore(before: Read | undefined, read: Read): boolean {
  if (!before || !('revision' in before) || !('revision' in read)) return false
  return before.revision.next !== read.revision.prev
}

async function checkBackups(location: HistoryLocation, reads: readonly Read[]): Promise<readonly HistoryCheck[]> {
  const backups = await location.folder.backups()
  const broken = (await Promise.all(backups.map(({ path }) => isReadable(location, path)))).filter((is) => !is).length
  const newest = reads.at(-1)
  if (!newest || !('revision' in newest)) return []
  const isWhole = (await lastGoodText(location, newest.revision).catch(noneOnly)) !== undefined
  const copies = `${backups.length} copies${broken === 0 ? '' : `, ${broken} of them of an edit that could not be read`}`
  const good = `${copies}; revision ${newest.number} can be made again from them`
  return [
    isWhole
      ? { what: 'backups', state: 'good', detail: good, remedy: '' }
      : {
          what: 'backups',
          state: 'note',
          detail: `${copies}; none of them leads to revision ${newest.number}`,
          remedy: 'The next commit leaves a new one.',
        },
  ]
}

/** No text for what is wrong with the copies. */
function noneOnly(error: unknown): undefined {
  if (!isFinding(error)) throw error
}

async function isReadable({ files, label }: HistoryLocation, path: string): Promise<boolean> {
  const bytes = await ifReadable(files.read(path))
  if (!bytes || !isUtf8(bytes)) return false
  try {
    parseHistory(label, Buffer.from(bytes).toString('utf8'))
    return true
  } catch (error) {
    if (error instanceof BagboyError && error.code !== 'BUG') return false
    throw error
  }
}

function bad(what: string, detail: string): HistoryCheck {
  return { what, state: 'bad', detail, remedy: 'bagboy-tui history repair' }
}
