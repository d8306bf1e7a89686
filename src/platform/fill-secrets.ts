import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from './platform.ts'

const REFERENCE = /\$\{(env|file):([^{}]+)\}/gu

/**
 * The text with `${env:NAME}` and `${file:path}` replaced by what stands there. Read when it is needed, kept nowhere.
 * @throws CONFIG_INVALID when there is nothing there
 */
export async function fillSecrets(text: string, platform: Pick<Platform, 'env' | 'files'>): Promise<string> {
  let filled = text
  for (const [reference, kind = '', place = ''] of text.matchAll(REFERENCE)) {
    const secret = await readPlace(kind, place, platform)
    filled = filled.replace(reference, () => secret)
  }
  return filled
}

async function readPlace(
  kind: string,
  place: string,
  { env, files }: Pick<Platform, 'env' | 'files'>,
): Promise<string> {
  const bytes = kind === 'file' ? await files.read(place) : undefined
  const secret = kind === 'env' ? env[place] : bytes && new TextDecoder().decode(bytes).trim()
  if (secret !== undefined && secret !== '') return secret
  const what = kind === 'env' ? `The environment variable ${place} is not set` : `The file ${place} holds no secret`
  throw new BagboyError('CONFIG_INVALID', what, {
    hint: kind === 'env' ? `Set it for this command: ${place}=… bagboy-tui …` : 'Write the secret into it, mode 0600.',
  })
}
