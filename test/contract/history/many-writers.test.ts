import { afterEach, expect, test } from 'vitest'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { faultyFileSystem } from '../../support/faulty-file-system.ts'
import { historyProject, insertOf, NOTE, type HistoryProject } from '../../support/projects/history-project.ts'
import { SEED_HISTORY } from '../../support/builders/history-texts.ts'
import { startHistoryWriter, type HistoryWriter } from '../../support/processes/start-history-writer.ts'
import { until } from '../../support/clocks/until.ts'

const started: HistoryWriter[] = []

afterEach(async () => {
  for (const writer of started.splice(0)) {
    if (writer.process.exitCode === null && writer.process.signalCode === null) writer.process.kill('SIGKILL')
    await writer.done
  }
})

function start(project: HistoryProject, name: string, count: number): HistoryWriter {
  const writer = startHistoryWriter(project, name, count)
  started.push(writer)
  return writer
}

async function idsByVersion(project: HistoryProject): Promise<ReadonlyMap<string, number>> {
  const { history } = await project.open().read()
  return new Map(history.deployments.map(({ version, id }) => [String(version), id]))
}

test('four processes that commit at once lose nothing and give every id once', { timeout: 120_000 }, async () => {
  const project = historyProject(SEED_HISTORY)
  const each = 15

  const writers = ['a', 'b', 'c', 'd'].map((name) => start(project, name, each))
  const results = await Promise.all(writers.map(({ done }) => done))

  const found = await idsByVersion(project)
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(writers.map(() => [0, '']))
  expect([...found.values()].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 4 * each + 2 }, (_, index) => index + 1),
  )
  for (const writer of writers) {
    expect(writer.acknowledged().size).toBe(each)
    for (const [version, id] of writer.acknowledged()) expect(found.get(version)).toBe(id)
  }
  expect(project.names('rev')).toHaveLength(4 * each)
  expect((await project.open().read()).warnings).toEqual([])
})

test(
  'a process killed again and again while it commits loses nothing that it acknowledged',
  { timeout: 240_000 },
  async () => {
    const project = historyProject(SEED_HISTORY)
    const acknowledged = new Map<string, number>()

    for (let round = 1; round <= 12; round += 1) {
      const writer = start(project, `k${round}`, 500)
      // A different moment of the commit that is under way each time: some turns of the event loop later.
      await until('some commits', () => writer.acknowledged().size >= round % 4)
      for (let turn = 0; turn < round * 40; turn += 1) await new Promise(setImmediate)
      writer.process.kill('SIGKILL')
      await writer.done
      for (const [version, id] of writer.acknowledged()) acknowledged.set(version, id)

      const found = await idsByVersion(project)
      for (const [version, id] of acknowledged) expect(found.get(version)).toBe(id)
    }

    expect(acknowledged.size).toBeGreaterThan(5)
    const last = await project.commit(insertOf('v9.9.9'))
    expect(last.deploymentId).toBe((await idsByVersion(project)).size)
  },
)

test(
  'a writer that dies before any of its file operations leaves a history that goes on',
  { timeout: 240_000 },
  async () => {
    const total = await operationsOfOneCommit()
    expect(total).toBeGreaterThan(20)

    for (let last = 0; last <= total; last += 1) {
      const project = historyProject(SEED_HISTORY)
      await project.commit(insertOf('v2.0.0'))
      let count = 0
      const { system } = faultyFileSystem({
        before: (call) => {
          // A dead process has its files closed for it.
          if (call === 'close') return Promise.resolve()
          count += 1
          return count > last ? Promise.reject(new Error('the process is dead')) : Promise.resolve()
        },
      })
      const isAcknowledged = await project
        .open(createNodeFiles(system))
        .commit(() => [insertOf('v3.0.0')], NOTE)
        .then(
          () => true,
          () => false,
        )

      const { history } = await project.open().read()
      const isThere = history.deployments[0]?.version === 'v3.0.0'
      const next = await project.commit(insertOf('v4.0.0'))

      expect(history.deployments).toHaveLength(isThere ? 4 : 3)
      if (isAcknowledged) expect(isThere).toBe(true)
      expect(next.history.deployments).toHaveLength(isThere ? 5 : 4)
      expect(project.text()).toContain('"v4.0.0"')
    }
  },
)

test('a disk that fails in any single operation never costs a committed entry', { timeout: 240_000 }, async () => {
  const total = await operationsOfOneCommit()

  for (let failAt = 0; failAt < total; failAt += 1) {
    const project = historyProject(SEED_HISTORY)
    await project.commit(insertOf('v2.0.0'))
    const { system } = faultyFileSystem({ failAt, code: 'ENOSPC' })

    const outcome = await project
      .open(createNodeFiles(system))
      .commit(() => [insertOf('v3.0.0')], NOTE)
      .catch((error: unknown) => error)

    const { history } = await project.open().read()
    const isThere = history.deployments[0]?.version === 'v3.0.0'
    expect(history.deployments).toHaveLength(isThere ? 4 : 3)
    if (!(outcome instanceof Error)) expect(isThere).toBe(true)
  }
})

async function operationsOfOneCommit(): Promise<number> {
  const project = historyProject(SEED_HISTORY)
  await project.commit(insertOf('v2.0.0'))
  const { system, calls } = faultyFileSystem({})
  await project.open(createNodeFiles(system)).commit(() => [insertOf('v3.0.0')], NOTE)
  return calls.length
}
