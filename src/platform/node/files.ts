import type { Stats } from 'node:fs'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileStatus, Files } from '../platform.ts'
import { openDurableAppend } from './append-file.ts'
import { onDisk } from './disk-error.ts'
import { createExclusive, makeFolder, remove, rename, replaceFile, truncate } from './durable.ts'
import type { FileSystem } from './file-system.ts'
import { readFileStart, readRegularFile } from './read-file.ts'

/** Of a file whose reader names no limit: a history of a hundred thousand deployments is smaller. */
const LARGEST_FILE = 128 * 1024 * 1024

export function createNodeFiles(system: FileSystem = fs): Files {
  return {
    read: (path, maxBytes = LARGEST_FILE) =>
      onDisk('read', path, () => readRegularFile(system, path, maxBytes), { ENOENT: undefined }),
    readStart: (path, size) => onDisk('read', path, () => readFileStart(system, path, size), { ENOENT: undefined }),
    list: (path) => onDisk('list', path, async () => (await system.readdir(path)).sort(), { ENOENT: [] }),
    stat: (path) =>
      onDisk('read', path, async () => describe(await system.lstat(path)), { ENOENT: undefined, ENOTDIR: undefined }),
    realPath: (path) => onDisk('read', path, () => system.realpath(path), { ENOENT: undefined, ENOTDIR: undefined }),
    makeFolder: (path, sharing = 'owner') => onDisk('create', path, () => makeFolder(system, path, sharing)),
    replace: (path, bytes, sharing = 'owner') => onDisk('write', path, () => replaceFile(system, path, bytes, sharing)),
    createExclusive: (path, bytes, sharing = 'owner') =>
      onDisk('create', path, () => createExclusive(system, path, bytes, sharing)),
    openAppend: (path, sharing = 'owner') => openDurableAppend(system, path, sharing),
    truncate: (path, size) => onDisk('cut', path, () => truncate(system, path, size)),
    rename: (from, to) => onDisk('rename', from, () => rename(system, from, to)),
    remove: (path) => onDisk('remove', path, () => remove(system, path)),
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
