import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createNodeFiles } from '../../../src/platform/node/files/files.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { containFiles } from '../../../src/state-folder/contained-files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const BYTES = new TextEncoder().encode('new')

/** Every way to a path, by the port's methods. */
const WAYS: readonly (readonly [string, (files: Files, path: string) => Promise<unknown>])[] = [
  ['read', (files, path) => files.read(path)],
  ['readStart', (files, path) => files.readStart(path, 1)],
  ['list', (files, path) => files.list(path)],
  ['stat', (files, path) => files.stat(path)],
  ['makeFolder', (files, path) => files.makeFolder(path)],
  ['replace', (files, path) => files.replace(path, BYTES)],
  ['createExclusive', (files, path) => files.createExclusive(path, BYTES)],
  ['openAppend', (files, path) => files.openAppend(path)],
  ['truncate', (files, path) => files.truncate(path, 0)],
  ['rename from', (files, path) => files.rename(path, `${path}.moved`)],
  ['remove', (files, path) => files.remove(path)],
]

/** A project and, beside it, a folder that is none of its business. */
function aProject() {
  const root = temporaryFolder('links')
  const [project, outside] = [join(root, 'project'), join(root, 'outside')]
  const folder = join(project, '.bagboy')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(outside, 'runs'), { recursive: true })
  writeFileSync(join(outside, 'runs', 'file'), 'old')
  return { project, outside, folder, files: containFiles(createNodeFiles(), folder) }
}

describe.each(WAYS)('%s', (_name, go) => {
  test.each([
    [
      'a link in the place of a file',
      (folder: string, outside: string) => symlinkSync(join(outside, 'runs/file'), join(folder, 'x')),
      'x',
    ],
    [
      'a folder that is a link',
      (folder: string, outside: string) => symlinkSync(join(outside, 'runs'), join(folder, 'runs')),
      'runs/file',
    ],
    [
      'what is new in a folder that is a link',
      (folder: string, outside: string) => symlinkSync(join(outside, 'runs'), join(folder, 'runs')),
      'runs/a/b',
    ],
    [
      'a relative link with dots',
      (folder: string) => symlinkSync('../../outside/runs', join(folder, 'runs')),
      'runs/file',
    ],
    [
      'a link to a link',
      (folder: string, outside: string) => {
        symlinkSync(join(outside, 'runs'), join(folder, 'one'))
        symlinkSync('one', join(folder, 'runs'))
      },
      'runs/file',
    ],
  ])('is refused behind %s that leads out', async (_title, plant, name) => {
    const { folder, outside, files } = aProject()
    plant(folder, outside)

    await expect(go(files, join(folder, name))).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      message: expect.stringContaining(outside),
    })

    expect(readdirSync(join(outside, 'runs'))).toEqual(['file'])
    expect(readFileSync(join(outside, 'runs/file'), 'utf8')).toBe('old')
  })
})

test('a folder for state that is itself a link out of the project is refused', async () => {
  const { project, outside } = aProject()
  symlinkSync(outside, join(project, 'state'))
  const files = containFiles(createNodeFiles(), join(project, 'state'))

  await expect(files.list(join(project, 'state'))).rejects.toMatchObject({ code: 'FILE_REFUSED' })
  await expect(files.read(join(project, 'state', 'runs/file'))).rejects.toMatchObject({ code: 'FILE_REFUSED' })
})

test('links that stay inside, a project behind a link, and paths elsewhere are as they were', async () => {
  const { project, outside, folder } = aProject()
  symlinkSync(project, join(project, '..', 'alias'))
  mkdirSync(join(folder, 'a'))
  writeFileSync(join(folder, 'a', 'file'), 'inside')
  symlinkSync('a', join(folder, 'b'))
  const alias = join(project, '..', 'alias', '.bagboy')
  const files = containFiles(createNodeFiles(), alias)

  expect(Buffer.from((await files.read(join(alias, 'b', 'file'))) ?? []).toString()).toBe('inside')
  expect(await files.read(join(alias, 'none', 'deeper'))).toBeUndefined()
  await files.makeFolder(join(alias, 'c', 'd'))
  expect(await files.list(join(alias, 'c'))).toEqual(['d'])
  expect(Buffer.from((await files.read(join(outside, 'runs/file'))) ?? []).toString()).toBe('old')
})

test('a limit on the size of what is read is kept', async () => {
  const { folder, files } = aProject()
  writeFileSync(join(folder, 'big'), 'x'.repeat(100))

  await expect(files.read(join(folder, 'big'), 10)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
})
