import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { BagboyError } from '../../src/errors/bagboy-error.ts'
import { historyProject, insertOf, type HistoryProject } from '../support/projects/history-project.ts'
import { SEED_HISTORY } from '../support/builders/history-texts.ts'

/** Each is a way of docs/how-to-corrupt-a-history.md. Two committed entries on top of the seed's two. */
async function committedProject(): Promise<HistoryProject> {
  const project = historyProject(SEED_HISTORY)
  await project.commit(insertOf('v2.0.0'))
  await project.commit(insertOf('v3.0.0'))
  return project
}

const versionsIn = async (project: HistoryProject): Promise<readonly string[]> =>
  (await project.open().read()).history.deployments.map(({ version }) => version)

const recordOf = (project: HistoryProject, revision: number) =>
  join(project.folder, 'rev', `${String(revision).padStart(10, '0')}.json`)

test('without rev/ the file alone counts, and what only a record held is lost', async () => {
  const project = await committedProject()
  project.write(SEED_HISTORY)
  rmSync(join(project.folder, 'rev'), { recursive: true })

  const loaded = await project.open().read()

  expect(loaded.history.deployments.map(({ version }) => version)).toEqual(['v1.3.0', 'v1.2.0'])
  expect(loaded.revision).toBe(0)
  expect(loaded.warnings).toEqual([expect.stringMatching(/records of .* are gone from \.bagboy\/rev/u)])
  expect(project.names('backups')).toHaveLength(2)
})

test('without rev/ an emptied file is damage all the same: there are copies of what it was', async () => {
  const project = await committedProject()
  project.write('')
  rmSync(join(project.folder, 'rev'), { recursive: true })

  await expect(project.open().read()).rejects.toMatchObject({ code: 'HISTORY_CORRUPT' })
})

test('a copy of .bagboy that lacks the newest record takes the file as edited by hand and loses nothing', async () => {
  const project = await committedProject()
  rmSync(recordOf(project, 2))

  const loaded = await project.open().read()
  const { deploymentId } = await project.commit(insertOf('v4.0.0'))

  expect(loaded.warnings).toContainEqual(expect.stringMatching(/edited by hand after revision 1/u))
  expect(deploymentId).toBe(5)
  expect(await versionsIn(project)).toEqual(['v4.0.0', 'v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
})

test('an old file whose records have a gap is made again from a backup, and without one is refused', async () => {
  const project = await committedProject()
  project.write(SEED_HISTORY)
  rmSync(recordOf(project, 1))

  const withBackups = await versionsIn(project).catch((error: unknown) => error)
  rmSync(join(project.folder, 'backups'), { recursive: true })
  const without = await versionsIn(project).catch((error: unknown) => error)

  expect(withBackups).toEqual(['v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
  expect(without).toMatchObject({ code: 'HISTORY_CORRUPT' })
})

test('an emptied file is refused without backups too, and the error says that there are none', async () => {
  const project = await committedProject()
  project.write('')
  rmSync(join(project.folder, 'backups'), { recursive: true })

  await expect(project.open().read()).rejects.toMatchObject({
    code: 'HISTORY_CORRUPT',
    hint: expect.stringContaining('There is no backup'),
  })
})

test('a byte of the file that has changed is refused or said to be an edit, whichever it is', async () => {
  const project = await committedProject()
  const good = readFileSync(project.file)
  const silent: number[] = []

  for (let at = 0; at < good.length; at += 11) {
    const changed = Buffer.from(good)
    changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(project.file, changed)
    const warnings = await project
      .open()
      .read()
      .then(
        (loaded) => loaded.warnings ?? [],
        (error: unknown) => {
          if (error instanceof BagboyError && error.code.startsWith('HISTORY_')) return [error.message]
          throw error
        },
      )
    if (warnings.length === 0) silent.push(at)
  }

  expect(silent).toEqual([])
})

test('half a record, as a crash leaves it where there are no hard links, is refused and named', async () => {
  const project = await committedProject()
  const whole = readFileSync(recordOf(project, 2), 'utf8')
  writeFileSync(recordOf(project, 3), whole.slice(0, whole.length / 2))

  await expect(project.open().read()).rejects.toMatchObject({
    code: 'HISTORY_CORRUPT',
    message: expect.stringContaining('0000000003.json'),
  })
})

test('a link in the place of the file is refused', async () => {
  const project = await committedProject()
  renameSync(project.file, `${project.file}.real`)
  symlinkSync(`${project.file}.real`, project.file)

  await expect(project.open().read()).rejects.toMatchObject({ code: 'HISTORY_INVALID', message: /is a link/u })
})

test('a file that another tool has written anew is an edit by hand: its values count, its comments are gone', async () => {
  const project = await committedProject()
  project.write(stringify(parse(project.text())))

  const loaded = await project.open().read()

  expect(loaded.warnings).toContainEqual(expect.stringMatching(/edited by hand/u))
  expect(loaded.history.deployments.map(({ version }) => version)).toEqual(['v3.0.0', 'v2.0.0', 'v1.3.0', 'v1.2.0'])
  expect(project.text()).not.toContain('# .bagboy/deployment-history.yml')
})

test('what was pruned is gone for good without archive/, and nothing says so', async () => {
  const project = await committedProject()
  await project.commit({ kind: 'archive', ids: [1] })
  rmSync(join(project.folder, 'archive'), { recursive: true })

  const loaded = await project.open().read()

  expect(loaded.warnings).toEqual([])
  expect(loaded.history.deployments.map(({ version }) => version)).toEqual(['v3.0.0', 'v2.0.0', 'v1.3.0'])
})
