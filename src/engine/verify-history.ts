import { BagboyError } from '../errors/bagboy-error.ts'
import type { HistoryCheck } from '../history/repair/verify-history.ts'
import type { EngineParts } from './engine-parts.ts'
import { readRun } from './run-list.ts'

/** The history, and the journals of the runs that it speaks of. Writes nothing. */
export async function verifyHistory({ history, journals }: EngineParts): Promise<readonly HistoryCheck[]> {
  const checks = await history.verify()
  const folders = await journals.list()
  if (folders.length === 0) return checks
  const broken: HistoryCheck[] = []
  for (const { run } of folders) {
    try {
      await readRun(journals, run)
    } catch (error) {
      if (!(error instanceof BagboyError) || error.code === 'BUG') throw error
      broken.push({ what: `run ${run}`, state: 'bad', detail: error.message, remedy: error.hint ?? '' })
    }
  }
  const openCount = folders.filter(({ isOpen }) => isOpen).length
  const open = openCount === 0 ? '' : `, ${openCount} of them not finished`
  const detail = `${folders.length - broken.length} of ${folders.length} journals read to their end${open}`
  return [...checks, { what: 'runs', state: broken.length === 0 ? 'good' : 'note', detail, remedy: '' }, ...broken]
}
