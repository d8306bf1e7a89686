import type { Deployment, History } from './deployment.ts'
import { sameVersion } from './version.ts'

/**
 * The entry by which a version is judged: its newest one. An attempt to go back to the version that ended part of the way, or
 * was taken back itself, says nothing of the version, unless a verdict came of it. Pure.
 */
export function judgingEntry(history: Pick<History, 'deployments'>, version: string): Deployment | undefined {
  return history.deployments.find((entry) => sameVersion(entry.version, version) && saysSomething(entry))
}

function saysSomething({ kind, status, healthVerdict }: Deployment): boolean {
  const isAttempt = kind === 'rollback' || kind === 'undo'
  return !isAttempt || healthVerdict !== undefined || (status !== 'failed' && status !== 'partial')
}
