import { join } from 'node:path'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import type { Stamped } from '../../../src/events/events.ts'
import type { Journal, JournalStore } from '../../../src/journal/journal.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { createEagerClock } from '../../support/clocks/eager-clock.ts'
import { RUN, stampedEvents } from '../../support/builders/stamped-events.ts'
import { complaintOf, type Protocol } from './protocol.ts'
import { asOneProject } from '../../support/registries/one-project.ts'
import { TEST_KEYS } from '../../support/test-keys.ts'

const PLAN = '{"schema":1}\n'
const EVENTS = stampedEvents(6)
const held = () => Promise.resolve()

function storeIn(files: Files, folder: string): JournalStore {
  const place = { files: asOneProject(files, folder), folder: join(folder, 'runs') }
  return createJournalStore({ ...place, keys: TEST_KEYS, clock: createEagerClock() })
}

/** A run with so many records, its journal closed. */
async function aRun(files: Files, folder: string, count: number): Promise<void> {
  const journal = await storeIn(files, folder).create(RUN, PLAN)
  for (const event of EVENTS.slice(0, count)) await journal.append(event)
  await journal.close()
}

async function appendAll(
  journal: Journal,
  events: readonly Stamped[],
  acknowledge: (fact: string) => void,
): Promise<void> {
  try {
    for (const event of events) {
      await journal.append(event)
      acknowledge(String(event.seq))
    }
  } finally {
    await journal.close()
  }
}

/** Acknowledged facts are `run`, `closed`, and the number of the last record that was. */
async function checkRun(
  files: Files,
  folder: string,
  acknowledged: readonly string[],
  atLeast: number,
): Promise<readonly string[]> {
  return complaintOf('reading the run', async () => {
    const store = storeIn(files, folder)
    const found = (await store.list()).find(({ run }) => run === RUN)
    if (!found) return acknowledged.length + atLeast === 0 ? [] : ['the run is gone']
    const events = await store.read(RUN)
    const count = Math.max(atLeast, ...acknowledged.map(Number).filter(Number.isFinite))
    const wrong = [
      ...(JSON.stringify(events) === JSON.stringify(EVENTS.slice(0, events.length)) ? [] : ['its records are others']),
      ...(events.length >= count ? [] : [`${events.length} of ${count} records are there`]),
      ...((await store.readPlan(RUN)) === PLAN ? [] : ['its plan is another']),
      ...((await store.inspect(RUN)).origin.kind === 'own' ? [] : ['it is not ours any more']),
      ...(found.isOpen && acknowledged.includes('closed') ? ['it is open again'] : []),
    ]
    if (!found.isOpen) return wrong
    const { journal, past } = await store.reopen(RUN, held)
    const [next] = EVENTS.slice(past.length)
    if (next) await journal.append(next)
    await journal.close()
    const goesOn = (await store.read(RUN)).length === past.length + (next ? 1 : 0)
    return goesOn ? wrong : [...wrong, 'the next owner cannot go on']
  })
}

export const journalAppend: Protocol = {
  name: 'run create and journal append',
  prepare: () => Promise.resolve(),
  async act(files, folder, acknowledge) {
    const journal = await storeIn(files, folder).create(RUN, PLAN)
    acknowledge('run')
    await appendAll(journal, EVENTS.slice(0, 4), acknowledge)
  },
  check: (files, folder, acknowledged) => checkRun(files, folder, acknowledged, 0),
}

export const journalTakeover: Protocol = {
  name: 'run takeover',
  prepare: (files, folder) => aRun(files, folder, 3),
  async act(files, folder, acknowledge) {
    const { journal } = await storeIn(files, folder).reopen(RUN, held)
    await appendAll(journal, EVENTS.slice(3, 5), acknowledge)
  },
  check: (files, folder, acknowledged) => checkRun(files, folder, acknowledged, 3),
}

/** By its first owner, and by one who took it over. */
export const runClose: readonly Protocol[] = [1, 2].map((part) => ({
  name: part === 1 ? 'run close' : 'run close after a takeover',
  async prepare(files, folder) {
    await aRun(files, folder, 3)
    if (part === 2) await (await storeIn(files, folder).reopen(RUN, held)).journal.close()
  },
  async act(files, folder, acknowledge) {
    await storeIn(files, folder).close(RUN, part)
    acknowledge('closed')
  },
  check: (files, folder, acknowledged) => checkRun(files, folder, acknowledged, 3),
}))
