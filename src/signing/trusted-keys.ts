import { join } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import { requirePrivate } from './require-private.ts'
import { publicKeyFromText, type PublicKey } from './signing-key.ts'

/** A key of a colleague's machine, whose journals count as ours where folders are shared. */
export interface TrustedKey {
  readonly key: PublicKey
  readonly name: string
}

const MAX_BYTES = 1024 * 1024

type KeyFolders = Pick<Platform, 'files' | 'host' | 'userFolders'>

/** The user's own list, outside of every project: one key a line, then a name; `#` begins a comment. */
export function trustedKeysFile({ userFolders }: Pick<Platform, 'userFolders'>): string {
  return join(userFolders.config, 'trusted-keys')
}

/** @throws KEY_UNUSABLE when others may have written the file, and with `file:line` for a line that is no key */
export async function readTrustedKeys(platform: KeyFolders): Promise<readonly TrustedKey[]> {
  const file = trustedKeysFile(platform)
  await requirePrivate(platform, { path: file, kind: 'file', forbidden: 0o022 })
  const bytes = await platform.files.read(file, MAX_BYTES)
  if (!bytes) return []
  const lines = Buffer.from(bytes).toString('utf8').split('\n')
  return lines.flatMap((line, index) => parseLine(line.trim(), `${file}:${index + 1}`))
}

function parseLine(line: string, position: string): readonly TrustedKey[] {
  if (line === '' || line.startsWith('#')) return []
  const [text = '', ...name] = line.split(/\s+/u)
  const key = publicKeyFromText(text)
  if (key) return [{ key, name: name.join(' ') }]
  throw new BagboyError('KEY_UNUSABLE', `${sanitize(position)}: this is not a public key.`, {
    hint: 'A line is ed25519:…, as `bagboy-tui runs keys` prints it on the other machine, and a name behind it.',
  })
}

/** Adds a key unless it is there already. @throws USAGE for what is no key, KEY_UNUSABLE */
export async function trustKey(platform: KeyFolders, text: string, name: string): Promise<TrustedKey> {
  const key = publicKeyFromText(text)
  if (!key) {
    throw new BagboyError('USAGE', `${sanitize(text, 80)} is not a public key.`, {
      hint: 'It is the word that begins with ed25519: in the output of `bagboy-tui runs keys` on the other machine.',
    })
  }
  const known = (await readTrustedKeys(platform)).find((one) => one.key.text === key.text)
  if (known) return known
  const file = trustedKeysFile(platform)
  const before = Buffer.from((await platform.files.read(file, MAX_BYTES)) ?? []).toString('utf8')
  const separator = before === '' || before.endsWith('\n') ? '' : '\n'
  const oneLine = name.replaceAll(/\s+/gu, ' ').trim()
  await platform.files.makeFolder(platform.userFolders.config)
  await platform.files.replace(file, Buffer.from(`${before}${separator}${`${text} ${oneLine}`.trim()}\n`, 'utf8'))
  return { key, name: oneLine }
}
