import type { Secrets } from '../../../src/platform/platform.ts'
import { createSecrets } from '../../../src/platform/secrets/create-secrets.ts'

/** A masker that knows these. */
export function knownSecrets(...secrets: readonly string[]): Secrets {
  const known = createSecrets()
  known.add(...secrets)
  return known
}
