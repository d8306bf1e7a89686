import { join } from 'node:path'
import { untrusted } from '../domain/display.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files } from '../platform/platform.ts'
import type { JournalStore, RunFolder } from './journal.ts'
import { openJournal } from './open-journal.ts'
import { readJournal, type JournalContent } from './read-journal.ts'

/** ULID: an id becomes a path only when it is one. */
const RUN_ID = /^[0-9A-Z]{26}$/u
const CLOSED = 'closed'
const PLAN = 'plan.json'
const JOURNAL = 'journal.jsonl'
const EMPTY: JournalContent = readJournal(new Uint8Array(), '', '')

interface Place {
  readonly files: Files
  /** `.bagboy/runs`, absolute. */
  readonly folder: string
}

export function createJournalStore(place: Place): JournalStore {
  const { files } = place
  return {
    list: () => listRuns(place),
    async create(run, planText) {
      const folder = openFolder(place, run)
      if (await hasPlan(place, closedFolder(place, run))) throw exists(run)
      await files.makeFolder(folder)
      const isNew = await files.createExclusive(join(folder, PLAN), new TextEncoder().encode(planText))
      if (!isNew) throw exists(run)
      return await openJournal(files, join(folder, JOURNAL), run, EMPTY)
    },
    async reopen(run) {
      const folder = await findRun(place, run)
      if (folder !== openFolder(place, run)) {
        throw new BagboyError('RUN_NOT_OPEN', `run ${run} is finished`, { hint: `See it: bagboy-tui runs show ${run}` })
      }
      const path = join(folder, JOURNAL)
      const content = await readContent(place, path, run)
      const size = (await files.stat(path))?.size ?? 0
      if (size > content.goodBytes) await files.truncate(path, content.goodBytes)
      return await openJournal(files, path, run, content)
    },
    async read(run) {
      const path = join(await findRun(place, run), JOURNAL)
      return (await readContent(place, path, run)).events
    },
    async readPlan(run) {
      const bytes = await files.read(join(await findRun(place, run), PLAN))
      if (!bytes) throw unknown(run)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    },
    async close(run) {
      const folder = await findRun(place, run)
      if (folder === closedFolder(place, run)) return
      await files.makeFolder(join(place.folder, CLOSED))
      await files.rename(folder, closedFolder(place, run))
    },
  }
}

async function listRuns(place: Place): Promise<readonly RunFolder[]> {
  const open = await listFolder(place, place.folder, true)
  const closed = await listFolder(place, join(place.folder, CLOSED), false)
  return [...open, ...closed].sort((a, b) => (a.run < b.run ? 1 : -1))
}

/** A folder without its plan is what a crash in `create` left: nothing has happened, nothing is owed. */
async function listFolder(place: Place, folder: string, isOpen: boolean): Promise<readonly RunFolder[]> {
  const names = (await place.files.list(folder)).filter((name) => RUN_ID.test(name))
  const runs = await Promise.all(names.map(async (run) => ({ run, isRun: await hasPlan(place, join(folder, run)) })))
  return runs.filter(({ isRun }) => isRun).map(({ run }) => ({ run, isOpen }))
}

async function findRun(place: Place, run: string): Promise<string> {
  for (const folder of [openFolder(place, run), closedFolder(place, run)]) {
    if (await hasPlan(place, folder)) return folder
  }
  throw unknown(run)
}

async function readContent(place: Place, path: string, run: string): Promise<JournalContent> {
  const bytes = await place.files.read(path)
  return bytes ? readJournal(bytes, run, path) : EMPTY
}

async function hasPlan({ files }: Place, folder: string): Promise<boolean> {
  return (await files.stat(join(folder, PLAN)))?.kind === 'file'
}

function openFolder(place: Place, run: string): string {
  if (!RUN_ID.test(run)) throw unknown(run)
  return join(place.folder, run)
}

function closedFolder(place: Place, run: string): string {
  return join(place.folder, CLOSED, run)
}

function unknown(run: string): BagboyError {
  return new BagboyError('RUN_UNKNOWN', `there is no run ${untrusted(run, 80)}`, {
    hint: 'List them: bagboy-tui runs list',
  })
}

function exists(run: string): BagboyError {
  return new BagboyError('RUN_OPEN', `run ${run} exists already`, {
    hint: `Go on with it: bagboy-tui runs resume ${run}`,
  })
}
