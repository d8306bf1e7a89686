import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheFolderOf, openCacheFolder } from '../../../src/platform/cache-folder.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function aPlatform() {
  const cache = temporaryFolder('cache')
  const platform = createNodePlatform()
  return { ...platform, userFolders: { ...platform.userFolders, cache } }
}

test('each project has its own folder below the one of the user, whatever the project holds', () => {
  const platform = aPlatform()
  const [one, two] = ['/projects/one', '/projects/two'].map((root) => cacheFolderOf(platform, root))

  expect(one).not.toBe(two)
  expect([one, two].every((folder) => folder?.startsWith(join(platform.userFolders.cache, 'projects/')))).toBe(true)
})

test('it is used as it is where it can be written to', async () => {
  const platform = aPlatform()
  const folder = cacheFolderOf(platform, '/projects/one')

  expect(await openCacheFolder(platform, folder)).toBe(folder)
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['a file is in its place', (cache: string) => writeFileSync(join(cache, 'projects'), '')],
  [
    'it may not be written to',
    (cache: string) => (mkdirSync(join(cache, 'projects')), chmodSync(join(cache, 'projects'), 0o500)),
  ],
])('a temporary folder stands in for it, the same one for the whole process, when %s', async (title, spoil) => {
  const platform = aPlatform()
  spoil(platform.userFolders.cache)
  const folder = cacheFolderOf(platform, '/projects/one')

  const [first, second] = [await openCacheFolder(platform, folder), await openCacheFolder(platform, folder)]

  // Root may write everywhere.
  const isRoot = platform.host.userId === 0 && title.includes('may not')
  expect(first === folder).toBe(isRoot)
  expect(first).toBe(second)
  expect(existsSync(first)).toBe(true)
})
