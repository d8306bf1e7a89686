import { dirname } from 'node:path'
import { readRepositorySettings } from '../git/git-origin.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'

type OwnerPlatform = Pick<Platform, 'files' | 'host' | 'env'>

/**
 * Whether it belongs to this user, by git's rule for `safe.directory`: with sudo, folders of the calling user belong to
 * it as well.
 */
export async function isOwn({ files, host, env }: OwnerPlatform, path: string): Promise<boolean> {
  const owner = (await files.stat((await files.realPath(path)) ?? path))?.owner
  if (owner === undefined || host.userId === null || owner === host.userId) return true
  return host.userId === 0 && env['SUDO_UID'] === String(owner)
}

/** Whether `folder` is in a git repository that has a remote, or in one that git cannot read or does not accept. */
export async function isCheckout(platform: Pick<Platform, 'files' | 'exec'>, folder: string): Promise<boolean> {
  if (!(await hasRepository(platform, folder))) return false
  try {
    const settings = await readRepositorySettings(platform, folder, new AbortController().signal)
    return settings?.some(([key]) => /^remote\..*\.url$/u.test(key)) ?? true
  } catch (error) {
    if (!(error instanceof BagboyError)) throw error
    return true
  }
}

async function hasRepository({ files }: Pick<Platform, 'files'>, folder: string): Promise<boolean> {
  if ((await files.stat(`${folder}/.git`)) !== undefined) return true
  const parent = dirname(folder)
  return parent === folder ? false : hasRepository({ files }, parent)
}
