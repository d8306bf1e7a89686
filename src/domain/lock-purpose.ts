import type { DeployPlan } from './traffic/deploy-plan.ts'

/**
 * What a deploy, or traffic that is moved manually, holds the lock for; other processes read from it what is going on.
 * Pure.
 */
export function deployPurpose({ kind, version, slot }: Pick<DeployPlan, 'kind' | 'version' | 'slot'>): string {
  return kind === 'deploy' ? `deploy ${version} to ${slot}` : `traffic to ${slot}`
}

/** Whether a lock is held for one of these, and not for a run. Pure. */
export function isDeployPurpose(purpose: string): boolean {
  return /^(?:deploy|traffic) /u.test(purpose)
}
