import {
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNodeFiles } from '../../../../src/platform/node/files/files.ts'
import { faultyFileSystem } from '../../../support/faulty-file-system.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const OLD = Buffer.from('old content\n'.repeat(50))
const NEW = Buffer.from('new and longer content\n'.repeat(100))

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

describe('durable files', () => {
  it('syncs the bytes before the name and the name before it answers', async () => {
    const { system, calls } = faultyFileSystem({})
    const path = join(temporaryFolder('files'), 'a')

    await createNodeFiles(system).replace(path, NEW)

    const order = ['lstat', 'open', 'write', 'sync', 'stat', 'close', 'rename', 'open', 'sync', 'close', 'unlink']
    expect(calls).toEqual(order)
    expect(readFileSync(path)).toEqual(NEW)
  })

  it('links an exclusive file into place and syncs its folder before it answers', async () => {
    const { system, calls } = faultyFileSystem({})
    const path = join(temporaryFolder('files'), 'a')

    const created = await createNodeFiles(system).createExclusive(path, NEW)

    expect(created).toBe(true)
    expect(calls).toEqual(['open', 'write', 'sync', 'stat', 'close', 'link', 'open', 'sync', 'close', 'unlink'])
    expect(readFileSync(path)).toEqual(NEW)
  })

  it.each([1, 7, 1000])('writes everything when one write takes %i bytes only', async (writeBytes) => {
    const files = createNodeFiles(faultyFileSystem({ writeBytes }).system)
    const folder = temporaryFolder('files')

    await files.replace(join(folder, 'replaced'), NEW)
    await files.createExclusive(join(folder, 'created'), NEW)
    const log = await files.openAppend(join(folder, 'log'))
    await log.append(OLD)
    await log.append(NEW)
    await log.close()

    expect(readFileSync(join(folder, 'replaced'))).toEqual(NEW)
    expect(readFileSync(join(folder, 'created'))).toEqual(NEW)
    expect(readFileSync(join(folder, 'log'))).toEqual(Buffer.concat([OLD, NEW]))
  })

  it('keeps the old file when fewer bytes arrived than were written', async () => {
    const path = join(temporaryFolder('files'), 'a')
    writeFileSync(path, OLD)
    const { system } = faultyFileSystem({
      after: async (call, file) => {
        if (call === 'sync' && file.endsWith('.tmp')) writeFileSync(file, NEW.subarray(0, 10))
      },
    })

    const replaced = createNodeFiles(system).replace(path, NEW)

    await expect(replaced).rejects.toMatchObject({ code: 'DISK' })
    expect(readFileSync(path)).toEqual(OLD)
  })

  it('fails rather than loops when a write takes nothing', async () => {
    const path = join(temporaryFolder('files'), 'a')
    const { system } = faultyFileSystem({ writeBytes: 0 })

    const replaced = createNodeFiles(system).replace(path, NEW)

    await expect(replaced).rejects.toMatchObject({ code: 'DISK', details: { code: 'EIO' } })
    expect(existsSync(path)).toBe(false)
  })

  it('replaces a link instead of following it', async () => {
    const folder = temporaryFolder('files')
    const [victim, path] = [join(folder, 'victim'), join(folder, 'state')]
    writeFileSync(victim, OLD)
    symlinkSync(victim, path)

    await createNodeFiles().replace(path, NEW)

    expect(readFileSync(victim)).toEqual(OLD)
    expect(readFileSync(path)).toEqual(NEW)
  })

  it('does not write through a link that stands where the temporary file is made', async () => {
    const folder = temporaryFolder('files')
    const [victim, path] = [join(folder, 'victim'), join(folder, 'state')]
    writeFileSync(victim, OLD)
    const { system } = faultyFileSystem({
      before: async (call, file) => {
        if (call === 'open' && file.endsWith('.tmp')) symlinkSync(victim, file)
      },
    })

    const replaced = createNodeFiles(system).replace(path, NEW)

    await expect(replaced).rejects.toMatchObject({ code: 'DISK', details: { code: 'EEXIST' } })
    expect(readFileSync(victim)).toEqual(OLD)
  })

  it('neither appends to nor cuts what a link leads to', async () => {
    const folder = temporaryFolder('files')
    const [victim, path] = [join(folder, 'victim'), join(folder, 'log')]
    writeFileSync(victim, OLD)
    symlinkSync(victim, path)
    const files = createNodeFiles()

    await expect(files.openAppend(path)).rejects.toMatchObject({ code: 'DISK', hint: expect.stringContaining('link') })
    await expect(files.truncate(path, 1)).rejects.toMatchObject({ code: 'DISK' })
    await expect(files.createExclusive(path, NEW)).resolves.toBe(false)

    expect(readFileSync(victim)).toEqual(OLD)
  })

  it('keeps the mode of the file it replaces and gives new ones to their owner only', async () => {
    const folder = temporaryFolder('files')
    const files = createNodeFiles()
    writeFileSync(join(folder, 'shared'), OLD)
    chmodSync(join(folder, 'shared'), 0o664)

    await files.replace(join(folder, 'shared'), NEW)
    await files.replace(join(folder, 'own'), NEW)
    await files.makeFolder(join(folder, 'a', 'b'))

    expect([modeOf(join(folder, 'shared')), modeOf(join(folder, 'own'))]).toEqual([0o664, 0o600])
    expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'a', 'b'))]).toEqual([0o700, 0o700])
  })

  it.skipIf(process.platform === 'win32').each([
    ['is closed to the group', 0o700, 0o022, [0o700, 0o600]],
    ['the group may read', 0o750, 0o022, [0o750, 0o640]],
    ['the group may write to, whatever the umask', 0o770, 0o022, [0o770, 0o660]],
    ['new files and folders belong to the group', 0o2775, 0o002, [0o2770, 0o660]],
    ['the group may use, and the umask closes everything to it', 0o2770, 0o077, [0o2700, 0o600]],
    ['everybody may write to', 0o1777, 0o000, [0o700, 0o600]],
  ])('shares what is created in a folder that %s, as far as that', async (_what, mode, umask, modes) => {
    const folder = temporaryFolder('files')
    const files = createNodeFiles()
    chmodSync(folder, mode)
    const modesOf = (...names: readonly string[]) => names.map((name) => statSync(join(folder, name)).mode & 0o3777)
    const before = process.umask(umask)
    onTestFinished(() => void process.umask(before))

    await files.makeFolder(join(folder, 'a', 'b'), 'group')
    await files.createExclusive(join(folder, 'a', 'claim'), NEW, 'group')
    await files.replace(join(folder, 'a', 'b', 'text'), NEW, 'group')
    const log = await files.openAppend(join(folder, 'a', 'b', 'log'), 'group')
    await log.append(NEW)
    await log.close()
    await files.makeFolder(join(folder, 'own'))

    const [ofFolder, ofFile] = modes
    expect(modesOf('a', 'a/b')).toEqual([ofFolder, ofFolder])
    expect(modesOf('a/claim', 'a/b/text', 'a/b/log')).toEqual([ofFile, ofFile, ofFile])
    expect(modesOf('own').map((one) => one & 0o777)).toEqual([0o700])
  })

  it.skipIf(process.getuid?.() !== 0)(
    'gives what is created, and what replaces it, to the group of the folder',
    async () => {
      const [folder, files] = [temporaryFolder('files'), createNodeFiles()]
      chmodSync(folder, 0o770)
      chownSync(folder, 0, 12_345)

      await files.makeFolder(join(folder, 'a'), 'group')
      await files.createExclusive(join(folder, 'a', 'text'), OLD, 'group')
      await files.replace(join(folder, 'a', 'text'), NEW)

      const found = ['a', 'a/text'].map((name) => statSync(join(folder, name)))
      expect(found.map(({ gid, mode }) => [gid, mode & 0o777])).toEqual([
        [12_345, 0o770],
        [12_345, 0o660],
      ])
    },
  )

  it('answers for what does not exist', async () => {
    const folder = temporaryFolder('files')
    const files = createNodeFiles()

    expect(await files.read(join(folder, 'none'))).toBeUndefined()
    expect(await files.stat(join(folder, 'none'))).toBeUndefined()
    expect(await files.list(join(folder, 'none'))).toEqual([])
    await expect(files.remove(join(folder, 'none', 'deeper'))).resolves.toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  it('lists, describes, renames, cuts and removes', async () => {
    const folder = temporaryFolder('files')
    const files = createNodeFiles()
    await files.makeFolder(join(folder, 'b', 'inner'))
    await files.replace(join(folder, 'a'), NEW)
    symlinkSync('a', join(folder, 'c'))

    expect(await files.list(folder)).toEqual(['a', 'b', 'c'])
    expect(await files.stat(join(folder, 'a'))).toMatchObject({ kind: 'file', size: NEW.length, mode: 0o600 })
    expect((await files.stat(join(folder, 'a')))?.owner).toBe(process.geteuid?.() ?? 0)
    expect((await files.stat(join(folder, 'b')))?.kind).toBe('folder')
    expect((await files.stat(join(folder, 'c')))?.kind).toBe('link')
    expect(await files.realPath(join(folder, 'c'))).toBe(await files.realPath(join(folder, 'a')))
    expect(await files.realPath(join(folder, 'none'))).toBeUndefined()
    await files.truncate(join(folder, 'a'), 5)
    await files.rename(join(folder, 'a'), join(folder, 'b', 'moved'))
    expect(Buffer.from((await files.read(join(folder, 'b', 'moved'))) ?? [])).toEqual(NEW.subarray(0, 5))
    await files.remove(join(folder, 'b'))
    expect(readdirSync(folder)).toEqual(['c'])
  })

  it('makes an empty folder of its own for scratch files', async () => {
    const files = createNodeFiles()

    const folder = await files.makeTemporary('bagboy-test-')

    expect(readdirSync(folder)).toEqual([])
    await files.remove(folder)
    expect(existsSync(folder)).toBe(false)
  })
})
