import type { Config } from '../../config/config.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import type { FileHistory } from '../../domain/deployment.ts'
import { unknownName } from '../../errors/unknown-name.ts'

/** The environments that the configuration file and the history know. Pure. */
export function knownEnvironments({ fileEnvironment }: Config, { deployments }: FileHistory): readonly string[] {
  return [...new Set([fileEnvironment, ...deployments.flatMap(({ environment }) => environment ?? [])])]
}

/**
 * Refuses an `--env` that neither the configuration file nor the history knows: everything said about it would be
 * "nothing to do". Pure. @throws USAGE with the nearest name
 */
export function checkEnvironment(config: Config, history: FileHistory): void {
  const known = knownEnvironments(config, history)
  if (known.includes(config.environment)) return
  const name = sanitize(config.environment, 80)
  throw unknownName({
    code: 'USAGE',
    message: `--env ${name}: neither bagboy.yaml nor the history knows this environment.`,
    word: config.environment,
    known,
    knownAs: `A new one starts with its first \`bagboy-tui record --env ${name}\`. Known environments`,
  })
}
