import type { Platform } from '../../platform/platform.ts'
import { namesNoRegistry, normalizeRegistry } from './npm-address.ts'
import { readUserNpmConfig } from '../npmrc/npm-config.ts'
import { isNpmCredential } from '../npmrc/npmrc.ts'

/** Whether the user's own configuration, not the project's, holds credentials for the host of this registry. */
export async function hasNpmLogin(registry: string, platform: Platform): Promise<boolean> {
  const { layers, isComplete } = await readUserNpmConfig(platform)
  // A version manager would have to be asked: there may be one.
  if (!isComplete) return true
  const keys = layers.flatMap(({ settings }) => [...settings.keys()])
  const address = normalizeRegistry(registry)
  // Without an address it is npm's default registry, whichever that is.
  const host = namesNoRegistry(registry) || !URL.canParse(address) ? undefined : new URL(address).host
  return keys.some(
    (key) => isNpmCredential(key) && (host === undefined || !key.startsWith('//') || key.slice(2).startsWith(host)),
  )
}
