import { holdOn, type Deployment, type History, type Timestamp } from './deployment.ts'

export interface PruneRow {
  readonly deployment: Deployment
  readonly verdict: 'prune' | 'keep' | 'protected'
  /** Shown in the list: "live, cannot be pruned". */
  readonly reason: string
}

export interface PruneRules {
  /** Newest entries to keep. */
  readonly keep: number
  /** Newest healthy entries that always stay. */
  readonly keepHealthy: number
  readonly environment: string
  /** Versions an open run needs. */
  readonly neededVersions: readonly string[]
  /** Of the entries without which nobody would know which version a slot runs. */
  readonly runningIds: ReadonlySet<number>
  readonly now: Timestamp
}

/** What goes, what stays, and why; newest first. Pure. */
export function planPrune(history: History, rules: PruneRules): readonly PruneRow[] {
  const healthy = history.deployments.filter(({ healthVerdict }) => healthVerdict === 'healthy')
  const protectedHealthy = new Set(healthy.slice(0, rules.keepHealthy).map(({ id }) => id))
  const previous = history.deployments.find(
    ({ status, environment }) => status === 'superseded' && isHere(environment, rules.environment),
  )
  return history.deployments.map((deployment, index) => {
    const shield = protection(deployment, history, rules, protectedHealthy, previous)
    if (shield) return { deployment, verdict: 'protected', reason: shield }
    if (index < rules.keep) return { deployment, verdict: 'keep', reason: `kept, newest ${rules.keep}` }
    return { deployment, verdict: 'prune', reason: 'older than keep' }
  })
}

function protection(
  deployment: Deployment,
  history: History,
  rules: PruneRules,
  protectedHealthy: ReadonlySet<number>,
  previous: Deployment | undefined,
): string | undefined {
  if (deployment.status === 'active') return 'live, cannot be pruned'
  if (deployment === previous) return 'rollback target'
  if (deployment.pinned) return 'pinned'
  if (holdOn(history, deployment.version, rules.now)) return 'held'
  if (rules.neededVersions.includes(deployment.version)) return 'needed by an open run'
  if (rules.runningIds.has(deployment.id)) return 'says what a slot runs'
  if (protectedHealthy.has(deployment.id)) return `one of the ${rules.keepHealthy} last healthy`
  if (!isHere(deployment.environment, rules.environment)) return `environment ${deployment.environment}`
  return undefined
}

function isHere(environment: string | undefined, here: string): boolean {
  return environment === undefined || environment === here
}
