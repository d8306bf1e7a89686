import { judgingEntry } from './judging-entry.ts'
import { holdOn, type Deployment, type History, type Timestamp } from './deployment.ts'
import { sameVersion } from './version.ts'

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
  /** Versions an open run needs. */
  readonly neededVersions: readonly string[]
  /** Of what `last-good` and `previous` mean now, and mean afterwards. */
  readonly targetIds: ReadonlySet<number>
  /** Of the entries that are needed to tell which version a slot runs. */
  readonly runningIds: ReadonlySet<number>
  readonly now: Timestamp
}

/** What goes of one environment, what stays, and why; newest first. Pure. */
export function planPrune(history: History, rules: PruneRules): readonly PruneRow[] {
  const healthy = history.deployments.filter(({ healthVerdict }) => healthVerdict === 'healthy')
  const protectedHealthy = new Set(healthy.slice(0, rules.keepHealthy).map(({ id }) => id))
  const rows = history.deployments.map((deployment, index): PruneRow => {
    const shield = protection(deployment, history, rules, protectedHealthy)
    if (shield) return { deployment, verdict: 'protected', reason: shield }
    if (index < rules.keep) return { deployment, verdict: 'keep', reason: `kept, newest ${rules.keep}` }
    return { deployment, verdict: 'prune', reason: 'older than keep' }
  })
  return protectJudges(history, rows)
}

/**
 * The entry by which a version is judged stays as long as an older entry of the version does: without it the version could
 * look better than it was. Pure.
 */
export function protectJudges(history: History, rows: readonly PruneRow[]): readonly PruneRow[] {
  return rows.map((row, index) => {
    const { version, id } = row.deployment
    if (row.verdict !== 'prune' || judgingEntry(history, version)?.id !== id) return row
    const staysOlder = rows
      .slice(index + 1)
      .some(({ deployment, verdict }) => verdict !== 'prune' && sameVersion(deployment.version, version))
    return staysOlder ? { ...row, verdict: 'protected', reason: `decides what is known of ${version}` } : row
  })
}

/** Versions that nothing can be rolled back to afterwards: no entry of theirs stays. Pure. */
export function lostVersions(rows: readonly PruneRow[]): readonly string[] {
  const staying = rows.filter(({ verdict }) => verdict !== 'prune').map(({ deployment }) => deployment.version)
  const going = rows.filter(({ verdict }) => verdict === 'prune').map(({ deployment }) => deployment.version)
  return [...new Set(going)].filter((version) => !staying.some((other) => sameVersion(other, version)))
}

function protection(
  deployment: Deployment,
  history: History,
  rules: PruneRules,
  protectedHealthy: ReadonlySet<number>,
): string | undefined {
  if (deployment.status === 'active') return 'live, cannot be pruned'
  if (rules.targetIds.has(deployment.id)) return 'rollback target'
  if (deployment.pinned) return 'pinned'
  if (holdOn(history, deployment.version, rules.now)) return 'held'
  if (rules.neededVersions.some((needed) => sameVersion(needed, deployment.version))) return 'needed by an open run'
  if (rules.runningIds.has(deployment.id)) return 'says what a slot runs'
  if (protectedHealthy.has(deployment.id)) return `one of the ${rules.keepHealthy} last healthy`
  return undefined
}
