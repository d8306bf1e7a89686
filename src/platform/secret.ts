import { z } from 'zod'
import { fillSecrets } from './fill-secrets.ts'
import type { Platform } from './platform.ts'

const REFERENCE = /^\$\{(?:env|file):[^{}]+\}$/u

/** Where a secret is to be found; never the secret. */
export const secretReference = z
  .string()
  .regex(REFERENCE, 'a secret never stands in this file: write ${env:NAME} or ${file:path}')

/** Resolved when it is needed and kept nowhere. @throws CONFIG_INVALID when there is nothing there */
export function readSecret(reference: string, platform: Platform): Promise<string> {
  return fillSecrets(reference, platform)
}
