import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import { createNodeClock } from '../../../src/platform/node/clock.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { insertOf, NOTE } from '../../support/projects/history-project.ts'
import { seededRandom } from '../../support/builders/mutate-text.ts'
import { RUN } from '../../support/builders/stamped-events.ts'
import { makeImageDisk, type FileSystemKind, type ImageDisk } from './image-disk.ts'
import { asOneProject } from '../../support/registries/one-project.ts'
import { TEST_KEYS } from '../../support/test-keys.ts'

export interface PowerReport {
  /** Cuts after which something could not be read. */
  readonly unreadable: readonly string[]
  /** Cuts after which something was missing that had been acknowledged. */
  readonly lost: readonly string[]
  /** Of all cuts together: how many acknowledged things were looked for. */
  readonly acknowledgedCount: number
}

export interface PowerOptions {
  readonly kind: FileSystemKind
  readonly cuts: number
  readonly seed: number
  readonly writer: string
  readonly how: 'sound' | 'no-folder-sync'
}

/** A new disk after so many: a history that has grown long is written more slowly, and cut less often in the middle. */
const CUTS_PER_DISK = 34

export async function cutPower({ kind, cuts, seed, writer, how }: PowerOptions): Promise<PowerReport> {
  const random = seededRandom(seed)
  const reports: PowerReport[] = []
  for (let done = 0; done < cuts; done += CUTS_PER_DISK) {
    const disk = makeImageDisk(kind)
    const child = spawn(process.execPath, [writer, disk.folder, how], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      reports.push(await cutSome(disk, child, Math.min(CUTS_PER_DISK, cuts - done), random))
    } finally {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
      disk.close()
    }
  }
  return {
    unreadable: reports.flatMap(({ unreadable }) => unreadable),
    lost: reports.flatMap(({ lost }) => lost),
    acknowledgedCount: reports.reduce((sum, { acknowledgedCount }) => sum + acknowledgedCount, 0),
  }
}

/** The highest number of each that the writer was told is done. */
interface Known {
  readonly history: number
  readonly journal: number
  readonly lock: number
}

interface Told {
  soFar(): Known
  /** Settles right when it says something more. */
  more(): Promise<void>
}

async function cutSome(disk: ImageDisk, child: ChildProcess, cuts: number, random: () => number): Promise<PowerReport> {
  const [unreadable, lost]: [string[], string[]] = [[], []]
  const told = listen(child)
  let acknowledgedCount = 0
  for (let cut = 1; cut <= cuts; cut += 1) {
    for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) await told.more()
    if (random() < 0.5) for (let turn = Math.floor(random() * 200); turn > 0; turn -= 1) await nextTurn()
    const known = told.soFar()
    acknowledgedCount += known.history + known.journal + known.lock
    const after = disk.cut()
    try {
      const missing = await readAfterwards(after.folder, known)
      lost.push(...missing.map((what) => `cut ${cut}: ${what}`))
    } catch (error) {
      unreadable.push(`cut ${cut}: ${error instanceof Error ? error.message : 'unreadable'}`)
    } finally {
      after.giveBack()
    }
  }
  return { unreadable, lost, acknowledgedCount }
}

/** What the writer says. */
function listen(child: ChildProcess): Told {
  const known = { history: 0, journal: 0, lock: 0 }
  const waiting: PromiseWithResolvers<void>[] = []
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [what, number] = line.split(' ')
      if (what === 'history' || what === 'journal' || what === 'lock') known[what] = Number(number)
    }
    for (const { resolve } of waiting.splice(0)) resolve()
  })
  child.on('close', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the writer ended with ${code}`))
  })
  return {
    soFar: () => ({ ...known }),
    more() {
      const next = Promise.withResolvers<void>()
      waiting.push(next)
      return next.promise
    },
  }
}

/** As the next process finds it; it also goes on with it. @returns what is missing. @throws when it cannot be read */
async function readAfterwards(folder: string, known: Known): Promise<readonly string[]> {
  const files = createNodeFiles()
  const bagboy = join(folder, '.bagboy')
  const history = createHistoryStore({ files, file: join(bagboy, 'deployment-history.yml'), folder: bagboy })
  const store = createJournalStore({
    files: asOneProject(files, bagboy),
    keys: TEST_KEYS,
    clock: createNodeClock(),
    folder: join(bagboy, 'runs'),
  })
  const { epoch } = await openLockFolder(files, join(bagboy, 'locks')).observe()
  const ids = new Set((await history.read()).history.deployments.map(({ id }) => id))
  const events = await store.read(RUN)
  await history.commit(() => [insertOf('v9.9.9')], NOTE)
  const { journal } = await store.reopen(RUN, () => Promise.resolve())
  await journal.close()
  const missing = Array.from({ length: known.history }, (_, index) => index + 1).filter((id) => !ids.has(id))
  return [
    ...(epoch < known.lock ? [`epoch ${known.lock} of the lock`] : []),
    ...(missing.length > 0 ? [`deployments ${missing.join(', ')} of ${known.history}`] : []),
    ...(events.length < known.journal ? [`records after ${events.length} of ${known.journal}`] : []),
  ]
}
