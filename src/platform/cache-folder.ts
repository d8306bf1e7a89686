import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Files, Platform } from './platform.ts'

/**
 * Where caches of a project are kept: in the user's cache folder, so that nothing that came along with a project is ever
 * read as a cache. It may not exist yet.
 * @param root the project's folder without links
 */
export function cacheFolderOf({ userFolders }: Pick<Platform, 'userFolders'>, root: string): string {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return join(userFolders.cache, 'projects', key)
}

const opened = new WeakMap<Files, Map<string, Promise<string>>>()

/** The folder itself when it can be written to, otherwise a temporary one for the rest of this process. */
export function openCacheFolder(platform: Pick<Platform, 'files' | 'random'>, folder: string): Promise<string> {
  const known = opened.get(platform.files) ?? new Map<string, Promise<string>>()
  opened.set(platform.files, known)
  const found = known.get(folder) ?? tryFolder(platform, folder)
  known.set(folder, found)
  return found
}

async function tryFolder({ files, random }: Pick<Platform, 'files' | 'random'>, folder: string): Promise<string> {
  const probe = join(folder, `probe-${random.hex(8)}`)
  try {
    await files.makeFolder(probe)
    await files.remove(probe)
    return folder
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'DISK') throw error
    return await files.makeTemporary('bagboy-cache-')
  }
}
