import { withCleanUp } from '../../../errors/with-clean-up.ts'
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../error-code.ts'
import type { FileSharing } from '../../platform.ts'
import type { FileSystem } from './file-system.ts'
import { modesIn, PRIVATE, shareWith, type NewModes } from './new-modes.ts'
import { failpoint } from '../../failpoint.ts'

type Handle = Awaited<ReturnType<FileSystem['open']>>

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
/** File systems without hard links answer one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

/** Readers see the old bytes or the new ones; a link in the place of the file is replaced, never followed. */
export async function replaceFile(
  system: FileSystem,
  path: string,
  bytes: Uint8Array,
  sharing: FileSharing,
): Promise<void> {
  const modes = (await modesOf(system, path)) ?? (await modesIn(system, dirname(path), sharing))
  await withTemporary(system, path, bytes, modes, async (temporary) => {
    failpoint('replace:written')
    await system.rename(temporary, path)
    failpoint('replace:renamed')
    await syncFolder(system, dirname(path))
    failpoint('replace:done')
  })
}

/**
 * The compare-and-swap everything else is built on: of any number of contenders exactly one gets `true`, and no process
 * ever sees a part of the content.
 */
export async function createExclusive(
  system: FileSystem,
  path: string,
  bytes: Uint8Array,
  sharing: FileSharing,
): Promise<boolean> {
  const modes = await modesIn(system, dirname(path), sharing)
  return await withTemporary(system, path, bytes, modes, async (temporary) => {
    failpoint('create:written')
    const isFirst = await linkExclusively(system, temporary, path)
    const created = isFirst ?? (await createInPlace(system, path, bytes, modes))
    failpoint('create:linked')
    await syncFolder(system, dirname(path))
    failpoint('create:done')
    return created
  })
}

export async function truncate(system: FileSystem, path: string, size: number): Promise<void> {
  const file = await system.open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
  await withCleanUp(
    async () => {
      await file.truncate(size)
      await file.sync()
    },
    () => file.close(),
  )
}

export async function rename(system: FileSystem, from: string, to: string): Promise<void> {
  failpoint('rename:begun')
  await system.rename(from, to)
  failpoint('rename:renamed')
  await syncFolder(system, dirname(to))
  if (dirname(from) !== dirname(to)) await syncFolder(system, dirname(from))
  failpoint('rename:done')
}

export async function remove(system: FileSystem, path: string): Promise<void> {
  await system.rm(path, { recursive: true, force: true })
  failpoint('remove:removed')
  await syncFolder(system, dirname(path)).catch(unless('ENOENT'))
}

export async function makeFolder(system: FileSystem, path: string, sharing: FileSharing): Promise<void> {
  const first = await system.mkdir(path, { recursive: true, mode: PRIVATE.folder })
  if (first === undefined) return
  if (sharing === 'group') await shareFolders(system, first, path)
  failpoint('folder:made')
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) {
    await syncFolder(system, dirname(folder))
  }
}

/** From the one next to what was there before down to the last, each as the one it is in. */
async function shareFolders(system: FileSystem, first: string, last: string): Promise<void> {
  if (last.length > first.length) await shareFolders(system, first, dirname(last))
  const { folder: mode, group } = await modesIn(system, dirname(last), 'group')
  if (group === null) return
  const folder = await system.open(last, O_RDONLY)
  await withCleanUp(
    () => shareWith(folder, mode, group),
    () => folder.close(),
  )
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(system: FileSystem, path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await system.open(path, O_RDONLY)
  await withCleanUp(
    () => folder.sync(),
    () => folder.close(),
  )
}

/** One write may take a part of the bytes only, and says so in nothing but its result. */
export async function writeAll(file: Handle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, offset, bytes.length - offset, null)
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' })
    offset += bytesWritten
  }
}

async function withTemporary<T>(
  system: FileSystem,
  path: string,
  bytes: Uint8Array,
  modes: FileModes,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`)
  try {
    await writeNew(system, temporary, bytes, modes)
    return await use(temporary)
  } finally {
    // Gone already when it was renamed; when it cannot be removed, a hidden file is all that stays.
    await system.unlink(temporary).catch(ignoreDiskError)
  }
}

type FileModes = Pick<NewModes, 'file' | 'group'>

async function writeNew(
  system: FileSystem,
  path: string,
  bytes: Uint8Array,
  { file: mode, group }: FileModes,
): Promise<void> {
  const file = await system.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE.file)
  await withCleanUp(
    async () => {
      failpoint('file:opened')
      await writeAll(file, bytes)
      failpoint('file:written')
      if (mode !== PRIVATE.file) await shareWith(file, mode, group)
      await file.sync()
      const { size } = await file.stat()
      if (size !== bytes.length) throw Object.assign(new Error(`${size} of ${bytes.length} bytes`), { code: 'EIO' })
    },
    () => file.close(),
  )
}

/** `undefined` when this file system cannot link. */
async function linkExclusively(system: FileSystem, temporary: string, path: string): Promise<boolean | undefined> {
  try {
    await system.link(temporary, path)
    return true
  } catch (error) {
    const code = codeOf(error)
    // NFS may repeat a request whose answer was lost: then the name that is in the way is our own.
    if (code === 'EEXIST') return (await system.lstat(temporary)).nlink === 2
    if (NO_LINKS.has(code)) return undefined
    throw error
  }
}

async function createInPlace(system: FileSystem, path: string, bytes: Uint8Array, modes: FileModes): Promise<boolean> {
  try {
    await writeNew(system, path, bytes, modes)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    await system.unlink(path).catch(ignoreDiskError)
    throw error
  }
}

/** Of the file that is there; `undefined` without one. */
async function modesOf(system: FileSystem, path: string): Promise<FileModes | undefined> {
  const status = await system.lstat(path).catch(unless('ENOENT'))
  return status?.isFile() ? { file: status.mode & 0o7777, group: status.gid } : undefined
}

function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if (codeOf(error) !== code) throw error
    return undefined
  }
}

function ignoreDiskError(error: unknown): void {
  if (codeOf(error) === '') throw error
}
