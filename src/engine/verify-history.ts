import { BagboyError } from '../errors/bagboy-error.ts'
import type { HistoryCheck } from '../history/repair/verify-history.ts'
import type { RunFolder } from '../journal/journal.ts'
import type { EngineParts } from './engine-parts.ts'
import { readRun } from './run-list.ts'

/** The history, and the journals of the runs and deploys that it speaks of. Writes nothing. */
export async function verifyHistory({ history, journals, deploys }: EngineParts): Promise<readonly HistoryCheck[]> {
  return [
    ...(await history.verify()),
    ...(await verifyJournals('run', await journals.list(), (run) => readRun(journals, run))),
    ...(await verifyJournals('deploy', await deploys.journals.list(), (deploy) => deploys.journals.read(deploy))),
  ]
}

/** Nothing is said where there never was one. */
async function verifyJournals(
  what: string,
  folders: readonly RunFolder[],
  read: (run: string) => Promise<unknown>,
): Promise<readonly HistoryCheck[]> {
  if (folders.length === 0) return []
  const broken: HistoryCheck[] = []
  for (const { run } of folders) {
    try {
      await read(run)
    } catch (error) {
      if (!(error instanceof BagboyError) || error.code === 'BUG') throw error
      broken.push({ what: `${what} ${run}`, state: 'bad', detail: error.message, remedy: error.hint ?? '' })
    }
  }
  const openCount = folders.filter(({ isOpen }) => isOpen).length
  const open = openCount === 0 ? '' : `, ${openCount} of them not finished`
  const detail = `${folders.length - broken.length} of ${folders.length} journals read to their end${open}`
  return [{ what: `${what}s`, state: broken.length === 0 ? 'good' : 'note', detail, remedy: '' }, ...broken]
}
