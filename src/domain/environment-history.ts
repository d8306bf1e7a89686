import type { Deployment, FileHistory, History, Hold } from './deployment.ts'

export interface EnvironmentScope {
  readonly environment: string
  /** What an entry is about that names none: the environment of the configuration file itself. */
  readonly fileEnvironment: string
}

/**
 * The part of a shared history that is about one environment: its entries, and the holds that count there. What earlier
 * versions of this program ended in one environment by a deployment to another is live here again. Pure.
 */
export function environmentHistory(file: FileHistory, scope: EnvironmentScope): History {
  const isHere = (entry: Deployment): boolean => environmentOf(entry, scope) === scope.environment
  const held = file.held.filter((hold) => isHeldIn(hold, scope.environment))
  if (file.deployments.every(isHere)) return { ...file, held, environment: scope.environment }
  const lost = endedElsewhere(file.deployments, isHere)
  const deployments = file.deployments.filter(isHere)
  return {
    schema: file.schema,
    environment: scope.environment,
    deployments: lost ? deployments.map((one) => (one === lost ? { ...one, status: 'active' } : one)) : deployments,
    held,
  }
}

export function environmentOf(
  { environment }: Pick<Deployment, 'environment'>,
  { fileEnvironment }: Pick<EnvironmentScope, 'fileEnvironment'>,
): string {
  return environment ?? fileEnvironment
}

/** All entries, each with its environment and the status it has there. Pure. */
export function everyEnvironment(
  file: FileHistory,
  { fileEnvironment }: Pick<EnvironmentScope, 'fileEnvironment'>,
): FileHistory {
  const named = file.deployments.map((entry) => ({ ...entry, environment: environmentOf(entry, { fileEnvironment }) }))
  const lost = new Set(
    [...new Set(named.map(({ environment }) => environment))].flatMap(
      (here) => endedElsewhere(named, ({ environment }) => environment === here) ?? [],
    ),
  )
  const deployments = named.map((entry) => (lost.has(entry) ? { ...entry, status: 'active' as const } : entry))
  return { ...file, deployments }
}

/** Whether a hold counts in an environment: one that names none counts in all of them. Pure. */
export function isHeldIn({ environment }: Pick<Hold, 'environment'>, here: string): boolean {
  return environment === undefined || environment === here
}

/** Of these nothing became live, and nothing was left. */
const WITHOUT_EFFECT: ReadonlySet<Deployment['status']> = new Set(['failed', 'partial', 'pruned'])

/**
 * The entry that was live here until a deployment or a rollback of another environment took its status: the newest one
 * here, left although nothing here followed it. Pure. `undefined` where an entry is live, or nothing elsewhere left it.
 */
export function endedElsewhere(
  deployments: readonly Deployment[],
  isHere: (entry: Deployment) => boolean,
): Deployment | undefined {
  if (deployments.some((entry) => isHere(entry) && entry.status === 'active')) return undefined
  const at = deployments.findIndex((entry) => isHere(entry) && !WITHOUT_EFFECT.has(entry.status))
  const newest = deployments[at]
  if (newest === undefined) return undefined
  const since = deployments.slice(0, at).filter((entry) => !isHere(entry) && !WITHOUT_EFFECT.has(entry.status))
  const wasLeft = newest.status === 'superseded' || since.some(({ kind }) => kind !== 'deploy')
  return since.length > 0 && wasLeft ? newest : undefined
}
