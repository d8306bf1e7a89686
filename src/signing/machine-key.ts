import { join } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { requirePrivate } from './require-private.ts'
import { pemFromSeed, signingKeyFromPem, type SigningKey } from './signing-key.ts'

export type KeyPlatform = Pick<Platform, 'files' | 'host' | 'random' | 'userFolders'>

const SEED_BYTES = 32
const MAX_BYTES = 16 * 1024

/** Where the key of this user on this machine is kept. */
export function machineKeyFile({ userFolders }: Pick<Platform, 'userFolders'>): string {
  return join(userFolders.state, 'machine-key.pem')
}

/**
 * The key of this user on this machine, `undefined` when there is none yet. It stays outside of every project, so that
 * nothing that comes with a checkout can have been signed with it.
 * @throws KEY_UNUSABLE when another user may have read or written it, or when it is damaged
 */
export async function readMachineKey(platform: KeyPlatform): Promise<SigningKey | undefined> {
  const file = machineKeyFile(platform)
  if ((await platform.files.stat(file)) === undefined) return undefined
  await requirePrivate(platform, { path: platform.userFolders.state, kind: 'folder', forbidden: 0o022 })
  await requirePrivate(platform, { path: file, kind: 'file', forbidden: 0o077 })
  const bytes = await platform.files.read(file, MAX_BYTES)
  if (!bytes) return undefined
  const key = signingKeyFromPem(Buffer.from(bytes).toString('utf8'))
  if (key) return key
  const name = sanitize(file)
  throw new BagboyError('KEY_UNUSABLE', `${name} is not an Ed25519 private key in PEM form.`, {
    hint: `Put it back from a backup, or move it away (mv ${name} ${name}.damaged): the next run makes a new key, and what is still open then needs --takeover.`,
    details: { path: file },
  })
}

/** The same; the first call of a user on a machine makes the key. @throws KEY_UNUSABLE, also when it cannot be written */
export async function ensureMachineKey(platform: KeyPlatform): Promise<SigningKey> {
  const known = await readMachineKey(platform)
  if (known) return known
  await createMachineKey(platform)
  // Another process may have been first: what is on disk counts.
  const created = await readMachineKey(platform)
  if (created) return created
  throw new BagboyError('KEY_UNUSABLE', `${sanitize(machineKeyFile(platform))} is gone right after it was written.`)
}

async function createMachineKey({ files, random, userFolders }: KeyPlatform): Promise<void> {
  const file = machineKeyFile({ userFolders })
  try {
    await files.makeFolder(userFolders.state)
    await files.createExclusive(file, new TextEncoder().encode(pemFromSeed(random.hex(SEED_BYTES))))
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'DISK') throw error
    throw new BagboyError(
      'KEY_UNUSABLE',
      `The key that signs journals cannot be created in ${sanitize(userFolders.state)}: ${error.message}.`,
      {
        hint: 'Set XDG_STATE_HOME to a folder of this user that can be written to and is kept; nothing was changed.',
        details: { path: file },
        cause: error,
      },
    )
  }
}
