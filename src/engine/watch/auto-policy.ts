import type { Config } from '../../config/config.ts'
import { durationText } from '../../domain/text/duration.ts'
import type { Deployment, History } from '../../domain/deployment.ts'

export interface AutoPermission {
  readonly isAllowed: boolean
  /** Why not; empty when it is. */
  readonly why: string
}

/** An entry that was made automatically, without a request by a person. */
function isAutomatic({ kind, trigger }: Deployment): boolean {
  return kind === 'rollback' && trigger !== undefined
}

/**
 * Whether another automatic rollback may follow those the history knows of: not so soon, and not so many since the last
 * deploy. Otherwise a person has to approve it. Pure.
 */
export function autoPermission(history: History, { health }: Pick<Config, 'health'>, now: string): AutoPermission {
  const { maxAutoRollbacks, cooldownMs } = health.auto
  const newest = history.deployments.find(isAutomatic)
  const sinceMs = newest ? Date.parse(now) - Date.parse(newest.finished ?? newest.timestamp) : Number.POSITIVE_INFINITY
  if (newest && sinceMs < cooldownMs) {
    const left = durationText(Math.ceil((cooldownMs - sinceMs) / 1000) * 1000)
    return refused(
      `the last automatic rollback (@${newest.id}) was less than ${durationText(cooldownMs)} ago; ${left} are left`,
    )
  }
  const sinceDeploy = history.deployments.findIndex(({ kind }) => kind === 'deploy')
  const recent = sinceDeploy === -1 ? history.deployments : history.deployments.slice(0, sinceDeploy)
  const count = recent.filter(isAutomatic).length
  if (count >= maxAutoRollbacks) {
    const times = count === 1 ? 'once' : `${count} times`
    const why =
      count === 0
        ? 'rollback.max_auto_rollbacks is 0'
        : `it was rolled back by itself ${times} since the last deployment`
    return refused(why)
  }
  return { isAllowed: true, why: '' }
}

function refused(why: string): AutoPermission {
  return { isAllowed: false, why }
}

/** Why a target lies too far back to be gone to, or `undefined`. Pure. */
export function tooFarBack(
  history: History,
  target: Deployment,
  { health }: Pick<Config, 'health'>,
  now: string,
): string | undefined {
  const { maxRevisions, maxAgeMs } = health.auto
  const active = history.deployments.findIndex(({ status }) => status === 'active')
  const between = new Set(
    history.deployments.slice(active, history.deployments.indexOf(target) + 1).map(({ version }) => version),
  )
  const revisions = between.size - 1
  if (maxRevisions !== null && revisions > maxRevisions) {
    return `${target.version} lies ${revisions} versions back, and rollback.window allows ${maxRevisions}`
  }
  const ageMs = Date.parse(now) - Date.parse(target.timestamp)
  if (maxAgeMs !== null && ageMs > maxAgeMs) {
    const days = Math.floor(ageMs / 86_400_000)
    return `${target.version} was deployed ${days} days ago, and rollback.window allows ${durationText(maxAgeMs)}`
  }
  return undefined
}
