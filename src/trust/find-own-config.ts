import { dirname } from 'node:path'
import { findConfig } from '../config/load-config.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { isOwn } from './own-folder.ts'
import { openTrustStore } from './trust-store.ts'

/**
 * The configuration file of `cwd`, or the nearest one above it. One above that is another user's may have been put there
 * for others to step into, as `/tmp/bagboy.yaml`.
 * @throws NOT_TRUSTED for such a file, until it was trusted or is named
 */
export async function findOwnConfig(platform: Platform, cwd: string): Promise<string | undefined> {
  const { files, env } = platform
  const file = await findConfig(files, cwd)
  if (file === undefined || dirname(file) === cwd || env['BAGBOY_TRUST'] === '1') return file
  const folder = dirname(file)
  if ((await isOwn(platform, folder)) && (await isOwn(platform, file))) return file
  const isTrusted = await openTrustStore(platform).read((await files.realPath(file)) ?? file)
  if (isTrusted) return file
  const shown = sanitize(file)
  throw new BagboyError('NOT_TRUSTED', `${shown} is in a folder above, belongs to another user, and was not read.`, {
    hint: `If it is the right one, name it: --config ${shown}, or trust it: bagboy-tui trust ${sanitize(folder)}`,
  })
}
