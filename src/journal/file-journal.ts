import { join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Stamped } from '../events/events.ts'
import type { Clock } from '../platform/platform.ts'
import { followJournal } from './follow-journal.ts'
import type { JournalRecord, JournalStore, TakenJournal } from './journal.ts'
import type { JournalLine } from './journal-line.ts'
import { openJournal } from './open-journal.ts'
import { eventsOf, readJournal } from './read-journal.ts'
import { PLAN, endName, partName, partsIn } from './run-files.ts'
import { closedFolder, findRun, listRuns, openFolder, readParts, type RunPlace, type RunWords } from './run-folders.ts'
import { failpoint } from '../platform/failpoint.ts'

interface JournalOptions extends Omit<RunPlace, 'words'> {
  readonly clock: Clock
  /** Default: those of runs. */
  readonly words?: RunWords
}

const RUN_WORDS: RunWords = {
  noun: 'run',
  list: 'List them: bagboy-tui runs list',
  see: (run) => `See it: bagboy-tui runs show ${run}`,
  goOn: (run) => `Go on with it: bagboy-tui runs resume ${run}`,
}

export function createJournalStore<Event extends JournalRecord = Stamped>(given: JournalOptions): JournalStore<Event> {
  const options = { words: RUN_WORDS, ...given }
  const { files, folder } = options
  return {
    list: () => listRuns(options),
    async create(run, planText) {
      const path = openFolder(options, run)
      if ((await files.stat(join(closedFolder(options, run), PLAN))) !== undefined) throw exists(options, run)
      await files.makeFolder(path)
      failpoint('run:folder-made')
      const isNew = await files.createExclusive(join(path, PLAN), new TextEncoder().encode(planText))
      if (!isNew) throw exists(options, run)
      failpoint('run:plan-frozen')
      return await openJournal<Event>(files, { path: join(path, partName(1)), run, part: 1 }, [])
    },
    reopen: (run, assertHeld) => takeOver<Event>(options, run, assertHeld),
    read: async (run) => eventsOf((await readRun<Event>(options, run)).lines),
    follow: (run, signal) =>
      followJournal<Event>(
        { stamp: () => stampOf(options, run), read: () => readRun(options, run) },
        options.clock,
        signal,
      ),
    async readPlan(run) {
      const { path } = await findRun(options, run)
      const bytes = await files.read(join(path, PLAN))
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
    async close(run, part) {
      const { path } = await findRun(options, run)
      failpoint('run:closing')
      if (part > 1) await files.createExclusive(join(path, endName(part)), new Uint8Array())
      if (path === closedFolder(options, run)) return
      await files.makeFolder(join(folder, 'closed'))
      await files.rename(path, closedFolder(options, run)).catch(async (error: unknown) => {
        // Another owner may have moved it meanwhile.
        if ((await findRun(options, run)).path !== closedFolder(options, run)) throw error
      })
      failpoint('run:closed')
    },
  }
}

/** Whoever is first to create a part has it; only then is it asked whether that was still allowed. */
async function takeOver<Event extends JournalRecord>(
  place: RunPlace,
  run: string,
  assertHeld: () => Promise<void>,
): Promise<TakenJournal<Event>> {
  for (;;) {
    const { path, names, isOpen } = await findRun(place, run)
    if (!isOpen) {
      throw new BagboyError('RUN_NOT_OPEN', `${place.words.noun} ${run} is finished`, { hint: place.words.see(run) })
    }
    const part = Math.max(1, ...partsIn(names)) + 1
    const file = join(path, partName(part))
    const isOurs = await place.files.createExclusive(file, new Uint8Array())
    failpoint('run:part-created')
    await assertHeld()
    if (!isOurs) continue
    // A later part may exist by now: what is in it is not ours to go on from.
    const { lines } = await readRun<Event>(place, run, part - 1)
    return { journal: await openJournal(place.files, { path: file, run, part }, lines), past: eventsOf(lines) }
  }
}

async function readRun<Event extends JournalRecord>(
  place: RunPlace,
  run: string,
  lastPart = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly lines: readonly JournalLine<Event>[]; readonly isOpen: boolean }> {
  const found = await findRun(place, run)
  const lines = readJournal<Event>(await readParts(place, found, lastPart), run)
  // It may have been moved while it was read, and then nothing was found in its old place.
  const after = await findRun(place, run)
  return after.path === found.path ? { lines, isOpen: found.isOpen } : await readRun<Event>(place, run, lastPart)
}

async function stampOf(place: RunPlace, run: string): Promise<string> {
  const { path, names } = await findRun(place, run)
  const sizes = partsIn(names).map(async (part) => (await place.files.stat(join(path, partName(part))))?.size ?? 0)
  return [path, ...names, ...(await Promise.all(sizes))].join('\n')
}

function exists({ words }: RunPlace, run: string): BagboyError {
  return new BagboyError('RUN_OPEN', `${words.noun} ${run} exists already`, { hint: words.goOn(run) })
}
