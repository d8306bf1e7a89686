import { sanitize } from '../domain/text/sanitize.ts'
import { parseJson } from '../domain/text/parse-json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { OperationParts } from './operation-parts.ts'

/** The environment that the frozen plan of a run or a deploy names; empty where it cannot be read. Pure. */
export function environmentIn(planText: string): string {
  const plan = parseJson(planText)
  if (plan === null || typeof plan !== 'object' || Array.isArray(plan)) return ''
  const environment = (plan as Readonly<Record<string, unknown>>)['environment']
  return typeof environment === 'string' ? environment : ''
}

/** A run without an environment blocks all of them, as it did before there were several environments. */
export function isHere({ config }: Pick<OperationParts, 'config'>, run: { readonly environment: string }): boolean {
  return run.environment === '' || run.environment === config.environment
}

/** Registries, slots and history of another environment are other ones. @throws USAGE */
export function requireHere(
  parts: Pick<OperationParts, 'config'>,
  noun: 'run' | 'deploy',
  run: { readonly id: string; readonly environment: string },
): void {
  if (isHere(parts, run)) return
  const { app, environment } = parts.config
  const other = sanitize(run.environment, 80)
  throw new BagboyError('USAGE', `The ${noun} ${run.id} is of ${other}, and this is ${environment} of ${app}.`, {
    hint: `Name its environment (--env ${other}), or the configuration file that is for it (--config FILE).`,
  })
}
