import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'

export interface PrivatePath {
  readonly path: string
  readonly kind: 'file' | 'folder'
  /** Permission bits that others must not have. */
  readonly forbidden: number
}

/**
 * What decides whom this user trusts must be this user's own. Nothing is said about a path that does not exist.
 * @throws KEY_UNUSABLE for a link, for what belongs to another user, and for what others may read or write
 */
export async function requirePrivate(
  { files, host }: Pick<Platform, 'files' | 'host'>,
  { path, kind, forbidden }: PrivatePath,
): Promise<void> {
  const status = await files.stat(path)
  if (!status) return
  const name = sanitize(path)
  if (status.kind !== kind) {
    const found = status.kind === 'link' ? 'a link' : `not a ${kind}`
    throw unusable(path, `${name} is ${found}.`, `Replace it by a ${kind} of this user (see: ls -ld ${name}).`)
  }
  // Windows keeps other users out of a profile by other means.
  if (host.userId === null) return
  if (status.owner !== host.userId) {
    const whose = `${name} belongs to the user with the id ${status.owner}, not to this one (${host.userId}).`
    throw unusable(path, whose, `Take it over when it is yours (chown ${host.userId} ${name}), or move it away.`)
  }
  if ((status.mode & forbidden) === 0) return
  const mode = status.mode.toString(8).padStart(4, '0')
  const right = kind === 'file' ? '600' : '700'
  throw unusable(path, `${name} is open to other users (mode ${mode}).`, `Close it: chmod ${right} ${name}`)
}

function unusable(path: string, message: string, hint: string): BagboyError {
  return new BagboyError('KEY_UNUSABLE', message, { hint, details: { path } })
}
