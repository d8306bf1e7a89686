import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { notTrusted } from '../../platform/not-trusted.ts'
import type { Trust } from '../../platform/platform.ts'
import type { NpmConfig } from './npm-config.ts'

/**
 * Refuses a setting with a variable that was not filled in.
 * @throws CONFIG_INVALID when it is not set; NOT_TRUSTED when it stands in the file of a project that is not trusted
 */
export function refuseUnset(key: string, config: NpmConfig, trust: Trust): void {
  const missing = config.find(key)?.missing ?? []
  const layer = config.layers.find(({ settings }) => settings.has(key))
  if (missing.length === 0 || !layer) return
  const what = sanitize(`${key} in ${layer.source} names ${missing.join(', ')}`, 300)
  if (layer.kind === 'project' && !trust.isGiven()) throw notTrusted(`${what}, and no variable was filled in`)
  throw new BagboyError('CONFIG_INVALID', `npm: ${what}, which is not set`, {
    hint: `Set the variable, or change ${key} there.`,
  })
}
