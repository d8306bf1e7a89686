import { z } from 'zod'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from './platform.ts'

const REFERENCE = /^\$\{(?<kind>env|file):(?<place>[^}]+)\}$/u

/** Where a secret is to be found; never the secret. */
export const secretReference = z
  .string()
  .regex(REFERENCE, 'a secret never stands in this file: write ${env:NAME} or ${file:path}')

/** Resolved when it is needed and kept nowhere. @throws CONFIG_INVALID when there is nothing there */
export async function readSecret(reference: string, { env, files }: Platform): Promise<string> {
  const { kind = '', place = '' } = REFERENCE.exec(reference)?.groups ?? {}
  const bytes = kind === 'file' ? await files.read(place) : undefined
  const secret = kind === 'env' ? env[place] : bytes && new TextDecoder().decode(bytes).trim()
  if (secret !== undefined && secret !== '') return secret
  const what = kind === 'env' ? `The environment variable ${place} is not set` : `The file ${place} holds no secret`
  throw new BagboyError('CONFIG_INVALID', what, {
    hint: kind === 'env' ? `Set it for this command: ${place}=… bagboy-tui …` : 'Write the secret into it, mode 0600.',
  })
}
