import type { Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileStatus, Files } from '../../platform.ts'
import { openDurableAppend } from './append-file.ts'
import { onDisk } from './disk-error.ts'
import { createExclusive, makeFolder, remove, rename, replaceFile, truncate } from './durable.ts'
import type { FileSystem } from './file-system.ts'
import { limitConcurrency } from '../../limit-concurrency.ts'
import { readFileStart, readRegularFile } from './read-file.ts'

/** Of a file whose reader names no limit: a history of a hundred thousand deployments is smaller. */
const LARGEST_FILE = 128 * 1024 * 1024

/** A list of a thousand runs is read a few files at a time: a process may have few files open, 64 in some containers. */
const AT_A_TIME = 16

export function createNodeFiles(system: FileSystem = fs): Files {
  const limit = limitConcurrency(AT_A_TIME)
  const limited: typeof onDisk = (doing, path, work, ...rest) => limit(() => onDisk(doing, path, work, ...rest))
  return {
    read: (path, maxBytes = LARGEST_FILE) =>
      limited('read', path, () => readRegularFile(system, path, maxBytes), { ENOENT: undefined }),
    readStart: (path, size) => limited('read', path, () => readFileStart(system, path, size), { ENOENT: undefined }),
    list: (path) => limited('list', path, async () => (await system.readdir(path)).sort(), { ENOENT: [] }),
    stat: (path) =>
      limited('read', path, async () => describe(await system.lstat(path)), { ENOENT: undefined, ENOTDIR: undefined }),
    realPath: (path) => limited('read', path, () => system.realpath(path), { ENOENT: undefined, ENOTDIR: undefined }),
    makeFolder: (path, sharing = 'owner') => limited('create', path, () => makeFolder(system, path, sharing)),
    replace: (path, bytes, sharing = 'owner') =>
      limited('write', path, () => replaceFile(system, path, bytes, sharing)),
    createExclusive: (path, bytes, sharing = 'owner') =>
      limited('create', path, () => createExclusive(system, path, bytes, sharing)),
    // It stays open: there is one of a run.
    openAppend: (path, sharing = 'owner') => openDurableAppend(system, path, sharing),
    truncate: (path, size) => limited('cut', path, () => truncate(system, path, size)),
    rename: (from, to) => limited('rename', from, () => rename(system, from, to)),
    remove: (path) => limited('remove', path, () => remove(system, path)),
    makeTemporary: (prefix) => onDisk('create', tmpdir(), () => system.mkdtemp(join(tmpdir(), prefix))),
  }
}

function describe(status: Stats): FileStatus {
  return { kind: kindOf(status), size: status.size, mode: status.mode & 0o7777, owner: status.uid, device: status.dev }
}

function kindOf(status: Stats): FileStatus['kind'] {
  if (status.isFile()) return 'file'
  if (status.isDirectory()) return 'folder'
  return status.isSymbolicLink() ? 'link' : 'other'
}
