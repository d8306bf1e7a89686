import { constants } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder, writeAll } from '../../../src/platform/node/files/durable.ts'
import type { FileSystem } from '../../../src/platform/node/files/file-system.ts'

const { O_WRONLY, O_CREAT, O_TRUNC, O_EXCL } = constants

/** How a file is replaced: in the ways other tools do it, and in ours. */
export type Writer = (system: FileSystem, path: string, bytes: Uint8Array) => Promise<void>

async function write(
  system: FileSystem,
  path: string,
  flags: number,
  bytes: Uint8Array,
  isSynced: boolean,
): Promise<void> {
  const file = await system.open(path, O_WRONLY | flags, 0o600)
  try {
    await writeAll(file, bytes)
    if (isSynced) await file.sync()
  } finally {
    await file.close()
  }
}

function beside(isSynced: boolean, isFolderSynced: boolean): Writer {
  let count = 0
  return async (system, path, bytes) => {
    count += 1
    const temporary = join(dirname(path), `.new-${count}`)
    await write(system, temporary, O_CREAT | O_EXCL, bytes, isSynced)
    await system.rename(temporary, path)
    if (isFolderSynced) await syncFolder(system, dirname(path))
  }
}

export const NAIVE_WRITERS: Readonly<Record<string, Writer>> = {
  'cut, write, fsync in place': (system, path, bytes) => write(system, path, O_CREAT | O_TRUNC, bytes, true),
  'write beside, rename': beside(false, false),
  'write beside, fsync, rename': beside(true, false),
}

export const SOUND_WRITER = beside(true, true)
