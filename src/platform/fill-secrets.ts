import { own } from '../domain/text/own.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { notTrusted } from './not-trusted.ts'
import type { Platform } from './platform.ts'

const REFERENCE = /\$\{(env|file):([^{}]+)\}/gu

/** Of a file that holds one secret. */
const MAX_BYTES = 64 * 1024

type SecretSources = Pick<Platform, 'env' | 'files' | 'trust' | 'secrets'>

/**
 * The text with `${env:NAME}` and `${file:path}` replaced by what stands there. Read when it is needed, kept nowhere.
 * @throws CONFIG_INVALID when there is nothing there, NOT_TRUSTED
 */
export async function fillSecrets(text: string, platform: SecretSources): Promise<string> {
  let filled = text
  for (const [reference, kind = '', location = ''] of text.matchAll(REFERENCE)) {
    if (!platform.trust.isGiven()) throw notTrusted(`${sanitize(reference, 200)} was not read`)
    const secret = await readSecretAt(kind, location, platform)
    platform.secrets.add(secret)
    filled = filled.replace(reference, () => secret)
  }
  return filled
}

/** The references to secrets in a text, in its order: `${env:NAME}`. Pure. */
export function secretReferences(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([reference]) => reference)
}

async function readSecretAt(kind: string, location: string, { env, files }: SecretSources): Promise<string> {
  const bytes = kind === 'file' ? await files.read(location, MAX_BYTES) : undefined
  const secret = kind === 'env' ? own(env, location) : bytes && new TextDecoder().decode(bytes).trim()
  if (secret !== undefined && secret !== '') return secret
  const what =
    kind === 'env' ? `The environment variable ${location} is not set` : `The file ${location} holds no secret`
  throw new BagboyError('CONFIG_INVALID', what, {
    hint:
      kind === 'env' ? `Set it for this command: ${location}=… bagboy-tui …` : 'Write the secret into it, mode 0600.',
  })
}
