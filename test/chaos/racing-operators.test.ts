import { expect, onTestFinished, test } from 'vitest'
import { historyProject, insertOf, type HistoryProject } from '../support/projects/history-project.ts'
import { SEED_HISTORY } from '../support/builders/history-texts.ts'
import { seededRandom } from '../support/builders/mutate-text.ts'
import { pause } from '../support/clocks/pause.ts'
import { printFigure } from '../support/servers/print-figure.ts'
import { startHistoryWriter, type HistoryWriter } from '../support/processes/start-history-writer.ts'
import { isExhaustive, SEED } from '../support/effort.ts'

const WRITERS = 12
const LASTS_MS = isExhaustive ? 40_000 : 6000
/** Fewer show nothing: a busy machine is given the time it needs. */
const FEWEST_UPDATES = isExhaustive ? 200 : 30
const FEWEST_KILLS = 6
/** More than one of them ever comes to. */
const ENOUGH = 100_000

interface Acknowledged {
  /** By version: the id it was given. */
  readonly ids: Map<string, number>
  killCount: number
  stopCount: number
}

async function collect(writer: HistoryWriter, { ids }: Acknowledged): Promise<void> {
  await writer.done
  for (const [version, id] of writer.acknowledged()) ids.set(version, id)
}

/** Kills one, or stops it for a while: it wakes somewhere in the middle of a commit that others have overtaken. */
async function disturb(project: HistoryProject, writers: HistoryWriter[], random: () => number, seen: Acknowledged) {
  const at = Math.floor(random() * writers.length)
  const writer = writers[at]
  if (!writer) return
  // One that has not begun yet has nothing to lose.
  if (random() < 0.5 && writer.acknowledged().size > 0) {
    writer.process.kill('SIGKILL')
    seen.killCount += 1
    await collect(writer, seen)
    writers[at] = startHistoryWriter(project, `w${at}.${seen.killCount}`, ENOUGH)
  } else {
    writer.process.kill('SIGSTOP')
    seen.stopCount += 1
    await pause(5 + random() * 60)
    writer.process.kill('SIGCONT')
  }
}

test(
  `${WRITERS} operators at one history, killed and stopped at random for ${LASTS_MS / 1000} s: nothing acknowledged is lost or doubled (seed ${SEED})`,
  { timeout: LASTS_MS + 120_000 },
  async () => {
    const project = historyProject(SEED_HISTORY)
    const random = seededRandom(SEED)
    const seen: Acknowledged = { ids: new Map(), killCount: 0, stopCount: 0 }
    const writers = Array.from({ length: WRITERS }, (_, index) => startHistoryWriter(project, `w${index}.0`, ENOUGH))
    onTestFinished(() => {
      for (const writer of writers) writer.process.kill('SIGKILL')
    })

    const endMs = performance.now() + LASTS_MS
    const soFar = () => writers.reduce((sum, writer) => sum + writer.acknowledged().size, seen.ids.size)
    while (performance.now() < endMs || soFar() < FEWEST_UPDATES || seen.killCount < FEWEST_KILLS) {
      await Promise.all([disturb(project, writers, random, seen), pause(random() * 40)])
    }
    for (const writer of writers) writer.process.kill('SIGKILL')
    for (const writer of writers) await collect(writer, seen)

    const { history } = await project.open().read()
    const found = new Map(history.deployments.map(({ version, id }) => [String(version), id]))
    expect(found.size, 'entries with the same version').toBe(history.deployments.length)
    expect(new Set(found.values()).size, 'ids given twice').toBe(history.deployments.length)
    expect([...seen.ids].filter(([version, id]) => found.get(version) !== id)).toEqual([])
    expect(seen.ids.size).toBeGreaterThanOrEqual(FEWEST_UPDATES)
    expect(seen.killCount).toBeGreaterThanOrEqual(FEWEST_KILLS)
    expect(seen.stopCount).toBeGreaterThan(5)
    const next = await project.commit(insertOf('v9.9.9'))
    expect(next.deploymentId).toBe(Math.max(...found.values()) + 1)
    printFigure(
      '7',
      `0 of ${seen.ids.size} acknowledged updates lost, 0 doubled, ${seen.killCount} kills, ${seen.stopCount} stops`,
    )
  },
)
