import type { HistoryCheck } from '../../history/repair/verify-history.ts'
import type { InspectedRun, JournalRecord, JournalStore, RunFolder } from '../../journal/journal.ts'
import { originText } from '../../journal/run-origin.ts'
import { checkEnvironments } from './check-environments.ts'
import type { EngineParts } from '../engine-parts.ts'

/** The history, and the journals of the runs and deploys that it speaks of: whole, and whose. Writes nothing. */
export async function verifyHistory(parts: EngineParts): Promise<readonly HistoryCheck[]> {
  const { history, journals, deploys, config } = parts
  const checks = await history.verify()
  const isReadable = checks.every(({ state }) => state !== 'bad')
  return [
    ...checks,
    ...(isReadable ? checkEnvironments((await history.whole()).history, config) : []),
    ...(await verifyJournals('run', journals)),
    ...(await verifyJournals('deploy', deploys.journals)),
  ]
}

interface Inspected {
  readonly folder: RunFolder
  readonly run: InspectedRun<JournalRecord>
}

/** Nothing is said where there never was one. */
async function verifyJournals<Event extends JournalRecord>(
  noun: string,
  store: Pick<JournalStore<Event>, 'list' | 'inspect'>,
): Promise<readonly HistoryCheck[]> {
  const inspected: Inspected[] = []
  for (const folder of await store.list()) inspected.push({ folder, run: await store.inspect(folder.run) })
  if (inspected.length === 0) return []
  return [summaryOf(noun, inspected), ...inspected.map((one) => checkOf(noun, one))]
}

function summaryOf(noun: string, all: readonly Inspected[]): HistoryCheck {
  const whole = all.filter(({ run }) => run.damage === null).length
  const proved = all.filter(({ run }) => run.origin.kind !== 'foreign').length
  const openCount = all.filter(({ folder }) => folder.isOpen).length
  const open = openCount === 0 ? '' : `, ${openCount} of them not finished`
  const detail = `${whole} of ${all.length} journals read to their end${open}; ${proved} of them authenticated`
  return { what: `${noun}s`, state: whole === all.length ? 'good' : 'note', detail, remedy: '' }
}

function checkOf(noun: string, { folder, run: { origin, damage } }: Inspected): HistoryCheck {
  const what = `${noun} ${folder.run}`
  if (damage) return { what, state: 'bad', detail: `damaged: ${damage.message}`, remedy: damage.hint ?? '' }
  if (origin.kind !== 'foreign') {
    return { what, state: 'good', detail: `authenticated: ${originText(origin)}`, remedy: '' }
  }
  const word = origin.reason === 'not-signed' ? 'unauthenticated' : 'foreign'
  const state = folder.isOpen ? ', and open: nothing is done with it without --takeover' : ''
  return { what, state: 'note', detail: `${word}: ${originText(origin)}${state}`, remedy: '' }
}
