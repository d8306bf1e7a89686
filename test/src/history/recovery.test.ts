import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import { faultyFileSystem } from '../../support/faulty-file-system.ts'
import { historyProject, insertOf, NOTE, type HistoryProject } from '../../support/projects/history-project.ts'
import { SEED_HISTORY } from '../../support/builders/history-texts.ts'

/** Two committed entries on top of the seed's two. */
async function committedProject(): Promise<HistoryProject> {
  const project = historyProject(SEED_HISTORY)
  await project.commit(insertOf('v2.0.0'))
  await project.commit(insertOf('v3.0.0'))
  return project
}

const versionsIn = async (project: HistoryProject) =>
  (await project.open().read()).history.deployments.map(({ version }) => version)

describe('a file that lags behind its revisions', () => {
  test('is brought up to date in memory by a reader and on disk by the next commit', async () => {
    const project = await committedProject()
    const newest = project.text()
    project.write(SEED_HISTORY)

    const loaded = await project.open().read()
    const untouched = project.text()
    const committed = await project.commit({ kind: 'set-pinned', id: 3, pinned: true })

    expect(loaded.history.deployments).toHaveLength(4)
    expect(loaded.warnings).toEqual([expect.stringMatching(/lacks 2 committed revisions/u)])
    expect(untouched).toBe(SEED_HISTORY)
    expect(committed.revision).toBe(3)
    expect(project.text()).toBe(
      newest
        .replace('pinned: false\n    packages', 'pinned: false\n    packages')
        .replace(/(id: 3[^]*?pinned: )false/u, '$1true'),
    )
  })

  test('is brought up to date by a commit that finds everything in the records already', async () => {
    const project = await committedProject()
    const newest = project.text()
    project.write(SEED_HISTORY)

    const committed = await project.open().commit(() => [], NOTE)

    expect(committed.revision).toBe(2)
    expect(project.text()).toBe(newest)
    expect((await project.open().read()).warnings).toEqual([])
  })

  test('is made again from a backup when a hand edit lies between', async () => {
    const project = await committedProject()
    const old = project.text()
    project.write(old.replace('commit: "def456"', 'commit: "def456" # checked'))
    await project.commit(insertOf('v4.0.0'))
    const newest = project.text()
    project.write(old)

    const versions = await versionsIn(project)
    await project.commit({ kind: 'set-pinned', id: 5, pinned: true })

    expect(versions[0]).toBe('v4.0.0')
    expect(project.text()).toContain('# checked')
    expect(project.text()).toBe(newest.replace('pinned: false', 'pinned: true'))
  })
})

describe('a file edited by hand', () => {
  test('is the base of the next commit, to the byte', async () => {
    const project = await committedProject()
    const edited = project.text().replace('commit: "abc123"', "commit:   'abc123'   # mine")
    project.write(edited)

    const loaded = await project.open().read()
    await project.commit({ kind: 'set-pinned', id: 4, pinned: true })

    expect(loaded.warnings).toEqual([expect.stringMatching(/edited by hand after revision 2/u)])
    expect(project.text()).toBe(edited.replace('pinned: false', 'pinned: true'))
  })

  test('may add an entry of its own', async () => {
    const project = await committedProject()
    const own = '  - version: v3.5.0\n    timestamp: 2026-02-01T18:00:00Z\n'
    project.write(project.text().replace('deployments:\n', `deployments:\n${own}`))

    const { deploymentId } = await project.commit(insertOf('v4.0.0'))

    expect(await versionsIn(project)).toEqual(['v4.0.0', 'v3.5.0', 'v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
    expect(deploymentId).toBe(6)
  })

  test('while a commit is being written keeps both', async () => {
    const project = await committedProject()
    let isEdited = false
    const { system } = faultyFileSystem({
      after: async (call, path) => {
        if (isEdited || call !== 'link' || !path.includes('rev')) return
        isEdited = true
        project.write(project.text().replace('commit: "def456"', 'commit: "def456" # saved just now'))
        await Promise.resolve()
      },
    })

    const committed = await project.open(createNodeFiles(system)).commit(() => [insertOf('v4.0.0')], NOTE)

    expect(isEdited).toBe(true)
    expect(committed.deploymentId).toBe(5)
    expect(project.text()).toContain('# saved just now')
    expect(await versionsIn(project)).toEqual(['v4.0.0', 'v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
  })
})

describe('a file that lost committed entries', () => {
  test.each([
    ['gone', (project: HistoryProject) => rmSync(project.file), /is gone/u],
    ['emptied', (project: HistoryProject) => project.write(''), /is empty/u],
    ['blanked', (project: HistoryProject) => project.write('\n\n'), /is empty/u],
    [
      'reset to no entries',
      (project: HistoryProject) => project.write('deployments: null\n'),
      /lost deployments @1, @2, @3, @4/u,
    ],
    [
      'cut off in the middle of a word',
      (project: HistoryProject) => project.write(project.text().slice(0, -200)),
      /was cut off after \d+ of \d+ bytes/u,
    ],
    [
      'cut off between two lines',
      (project: HistoryProject) => project.write(project.text().replace(/ {4}status: "rolled_back_from"\n$/u, '')),
      /was cut off after/u,
    ],
  ])('and is %s is corrupt: the newest backup is named', async (_name, damage, message) => {
    const project = await committedProject()
    damage(project)
    const damaged = project.names('backups').at(-1) ?? ''

    const read = () => project.open().read()
    const commit = () => project.commit(insertOf('v9.0.0'))

    await expect(read()).rejects.toMatchObject({
      code: 'HISTORY_CORRUPT',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(new RegExp(`bagboy-tui history repair[^]*${damaged}`, 'u')),
    })
    await expect(commit()).rejects.toMatchObject({ code: 'HISTORY_CORRUPT' })
  })

  test('is whole again once the named backup is copied over it', async () => {
    const project = await committedProject()
    const newest = project.text()
    const backup = join(project.folder, 'backups', project.names('backups').at(-1) ?? '')
    project.write('')

    writeFileSync(project.file, readFileSync(backup))
    const versions = await versionsIn(project)
    await project.commit({ kind: 'set-pinned', id: 1, pinned: true })

    expect(versions).toEqual(['v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
    expect(project.text()).toContain(newest.slice(0, -60))
  })

  test('is not mistaken for one that pruned them', async () => {
    const project = await committedProject()

    await project.commit({ kind: 'archive', ids: [1, 2] })

    expect(await versionsIn(project)).toEqual(['v3.0.0', 'v2.0.0'])
  })

  test('by a syntax error of a person says where, not that it is corrupt', async () => {
    const project = await committedProject()
    project.write(project.text().replace('commit: "abc123"', 'commit: "abc123'))

    await expect(project.open().read()).rejects.toMatchObject({
      code: 'HISTORY_INVALID',
      message: expect.stringMatching(/deployment-history\.yml:\d+:\d+: /u),
    })
  })
})

describe('the records of a history', () => {
  test('that were changed by one byte are found out', async () => {
    const project = await committedProject()
    const path = join(project.folder, 'rev', '0000000002.json')
    const bytes = readFileSync(path)
    let detected = 0

    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(path, changed)
      await project
        .open()
        .read()
        .catch((error: { code?: string }) => {
          if (error.code === 'HISTORY_CORRUPT') detected += 1
        })
    }

    expect(detected).toBe(Math.ceil(bytes.length / 7))
  })

  test('keep the last sixteen copies and drop the rest a few at a time', async () => {
    const project = historyProject(SEED_HISTORY)
    const store = project.open()

    for (let count = 0; count < 22; count += 1) await store.commit(() => [insertOf(`v2.${count}.0`)], NOTE)

    expect(project.names('backups')).toHaveLength(16)
    expect(project.names('rev')).toHaveLength(22)
  })
})
