import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Files } from '../../../src/platform/platform.ts'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { historyProject, insertOf, type HistoryProject } from '../../support/projects/history-project.ts'
import { canonicalHistory } from '../../support/builders/history-texts.ts'

const COUNT = 1200
const PACKAGES = 6

/** Long enough for an index: about 2.3 MB, with one commit on top. */
async function longProject(): Promise<HistoryProject> {
  const project = historyProject(canonicalHistory(COUNT, PACKAGES))
  await project.commit(insertOf('v9.9.9', { notes: 'Grüße — 木' }))
  return project
}

const indexOf = ({ folder }: HistoryProject) => join(folder, '..', 'cache', 'history-index.json')

/** Keeps how many bytes were read of the history itself. */
function countingFiles(): { readonly files: Files; readonly readCount: () => number } {
  const files = createNodeFiles()
  let bytes = 0
  const count = (path: string, read: Uint8Array | undefined) => {
    if (path.endsWith('deployment-history.yml')) bytes += read?.length ?? 0
    return read
  }
  return {
    readCount: () => bytes,
    files: {
      ...files,
      read: async (path) => count(path, await files.read(path)),
      readStart: async (path, size) => count(path, await files.readStart(path, size)),
    },
  }
}

describe('a glance at a long history', () => {
  test('shows what a whole reading shows, packages included', async () => {
    const project = await longProject()

    const glance = await project.open().readIndexed()

    const whole = await project.open().read()
    expect(structuredClone(glance.history)).toEqual(whole.history)
    expect({ ...glance, history: null }).toEqual({ ...whole, history: null, warnings: undefined })
  })

  test.each<[string, (project: HistoryProject) => void]>([
    ['the file was edited since', (project) => project.write(project.text().replace('v1.7.0', 'v1.7.1'))],
    [
      'the index is damaged',
      (project) => {
        const index = indexOf(project)
        writeFileSync(index, readFileSync(index, 'utf8').replace('v1.7.0', 'v1.8.0'))
      },
    ],
    [
      'the index was cut off',
      (project) => writeFileSync(indexOf(project), readFileSync(indexOf(project)).subarray(0, 999)),
    ],
    ['the index is empty', (project) => writeFileSync(indexOf(project), '')],
  ])('reads all of it when %s', async (_title, damage) => {
    const project = await longProject()
    damage(project)

    const glance = await project.open().readIndexed()

    expect(glance.history).toEqual((await project.open().read()).history)
  })

  test('is not what a decision is made from: a reading looks at the file itself', async () => {
    const project = await longProject()
    const index = indexOf(project)
    writeFileSync(index, 'nonsense')

    const { history } = await project.open().read()

    expect(history.deployments).toHaveLength(COUNT + 1)
    expect(readFileSync(index, 'utf8')).toBe('nonsense')
  })
})

describe('the newest entries', () => {
  test('of a long history are there without reading the others', async () => {
    const project = await longProject()
    const { files, readCount } = countingFiles()

    const newest = await project.open(files).readRecent(50)

    const whole = await project.open().read()
    expect(newest.isWhole).toBe(false)
    expect(newest.history.deployments).toEqual(whole.history.deployments.slice(0, 50))
    expect(readCount()).toBeLessThan(300_000)
  })

  test('of a short history are all of it', async () => {
    const project = historyProject(canonicalHistory(20, PACKAGES))

    const newest = await project.open().readRecent(5)

    expect([newest.isWhole, newest.history.deployments.length]).toEqual([true, 20])
  })

  test('are as many as stand whole in what was read of it', async () => {
    const project = historyProject(canonicalHistory(COUNT, PACKAGES))

    const newest = await project.open().readRecent(COUNT)

    const { deployments } = newest.history
    expect(deployments.length).toBeGreaterThan(50)
    expect(deployments).toEqual((await project.open().read()).history.deployments.slice(0, deployments.length))
  })
})
