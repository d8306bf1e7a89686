import { dirname, join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Stamped } from '../events/events.ts'
import type { Clock } from '../platform/platform.ts'
import { failpoint } from '../platform/failpoint.ts'
import { ignoreLocal } from '../state-folder/ignore-local.ts'
import { followJournal } from './follow-journal.ts'
import { readPlanText, readRunFolder, recordSigner, runOrigin, signPlan, type SignedRuns } from './inspect-run.ts'
import type { InspectedRun, JournalRecord, JournalStore, TakenJournal, TakeoverMode } from './journal.ts'
import { openJournal } from './open-journal.ts'
import { eventsOf } from './read-journal.ts'
import { PLAN, endName, nextPart, partName, partsIn } from './run-files.ts'
import { closedFolder, findRun, listRuns, openFolder, type RunStorage, type RunVocabulary } from './run-folders.ts'
import { originText, type RunOrigin } from './run-origin.ts'
import { orUnreadable } from '../platform/unreadable.ts'

interface JournalOptions extends Omit<SignedRuns, 'words'> {
  readonly clock: Clock
  /** Default: those of runs. */
  readonly words?: RunVocabulary
}

const RUN_WORDS: RunVocabulary = {
  noun: 'run',
  list: 'List them: bagboy-tui runs list',
  see: (run) => `See it: bagboy-tui runs show ${run}`,
  goOn: (run) => `Go on with it: bagboy-tui runs resume ${run}`,
  takeoverCommand: (run) => `bagboy-tui runs resume ${run} --takeover --reason TEXT`,
  async loadForm() {
    const [{ eventFault }, { runEventForms }] = await Promise.all([
      import('../events/schema/event-fault.ts'),
      import('../events/schema/run-event-schema.ts'),
    ])
    return (event) => eventFault(runEventForms, event)
  },
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
      await ignoreLocal(files, dirname(folder))
      // Ours would go on behind records that came from elsewhere.
      if (partsIn(await files.list(path)).length > 0) throw exists(options, run)
      await signPlan(options, run, path, planText)
      failpoint('run:plan-signed')
      const isNew = await files.createExclusive(join(path, PLAN), new TextEncoder().encode(planText))
      if (!isNew) throw exists(options, run)
      failpoint('run:plan-frozen')
      const signHash = await recordSigner(options, run, 1, planText)
      return await openJournal<Event>(files, { path: join(path, partName(1)), run, part: 1, signHash }, [])
    },
    reopen: (run, assertHeld, mode) => takeoverCommand<Event>(options, run, assertHeld, mode ?? 'own-only'),
    async read(run) {
      return eventsOf(whole(await readRunFolder<Event>(options, run)).lines)
    },
    async inspect(run) {
      const found = await orUnreadable(readRunFolder<Event>(options, run))
      if (found instanceof BagboyError) return unreadableRun(found)
      const origin = await runOrigin(options, run, found)
      return { events: eventsOf(found.lines), planText: found.planText, origin, damage: found.damage }
    },
    follow: (run, signal) =>
      followJournal<Event>(
        { stamp: () => stampOf(options, run), read: async () => whole(await readRunFolder<Event>(options, run)) },
        options.clock,
        signal,
      ),
    readPlan: async (run) => readPlanText(options, await findRun(options, run)),
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

/** The process that creates a part first owns it; only then it checks whether it still has the lock. */
async function takeoverCommand<Event extends JournalRecord>(
  runs: SignedRuns,
  run: string,
  assertHeld: () => Promise<void>,
  mode: TakeoverMode,
): Promise<TakenJournal<Event>> {
  // Refused before anything is written; what counts is asked again below, of the bytes that are gone on from.
  refuseForeign(runs, run, await runOrigin(runs, run, whole(await readRunFolder<Event>(runs, run))), mode)
  for (;;) {
    const { path, names, isOpen } = await findRun(runs, run)
    if (!isOpen) {
      throw new BagboyError('RUN_NOT_OPEN', `${runs.words.noun} ${run} is finished`, { hint: runs.words.see(run) })
    }
    const part = nextPart(path, partsIn(names))
    const file = join(path, partName(part))
    const isOurs = await runs.files.createExclusive(file, new Uint8Array())
    failpoint('run:part-created')
    await assertHeld()
    if (!isOurs) continue
    // A later part may exist by now: what is in it is not ours to go on from.
    const found = whole(await readRunFolder<Event>(runs, run, part - 1))
    const origin = await runOrigin(runs, run, found)
    refuseForeign(runs, run, origin, mode)
    const { lines, planText } = found
    const signHash = await recordSigner(runs, run, part, planText)
    const journal = await openJournal(runs.files, { path: file, run, part, signHash }, lines)
    return { journal, past: eventsOf(lines), planText, origin }
  }
}

/** A folder that cannot be looked into proves nothing of whose it is. */
function unreadableRun<Event extends JournalRecord>(damage: BagboyError): InspectedRun<Event> {
  return { events: [], planText: '', origin: { kind: 'foreign', reason: 'not-signed', key: '' }, damage }
}

/** @throws JOURNAL_CORRUPT */
function whole<Scan extends { readonly damage: BagboyError | null }>(scan: Scan): Scan {
  if (scan.damage) throw scan.damage
  return scan
}

function refuseForeign({ words }: RunStorage, run: string, origin: RunOrigin, mode: TakeoverMode): void {
  if (origin.kind === 'foreign' && mode === 'own-only') throw foreignRun(words, run, origin)
}

/** @throws nothing: for those who refuse before they ask the store */
export function foreignRun(
  { noun, see, takeoverCommand: command }: RunVocabulary,
  run: string,
  origin: RunOrigin,
): BagboyError {
  return new BagboyError('RUN_FOREIGN', `The ${noun} ${run} is not yours: ${originText(origin)}.`, {
    hint: `${see(run)}. To go on with it all the same: ${command(run)}`,
  })
}

async function stampOf(storage: RunStorage, run: string): Promise<string> {
  const { path, names } = await findRun(storage, run)
  const sizes = partsIn(names).map(async (part) => (await storage.files.stat(join(path, partName(part))))?.size ?? 0)
  return [path, ...names, ...(await Promise.all(sizes))].join('\n')
}

function exists({ words }: RunStorage, run: string): BagboyError {
  return new BagboyError('RUN_OPEN', `${words.noun} ${run} exists already`, { hint: words.goOn(run) })
}
