import { BagboyError } from '../errors/bagboy-error.ts'
import type { LockState } from '../lock/lock.ts'
import type { OperationParts } from './operation-parts.ts'

const LOCK_POLL_MS = 1000

/** Between two reads of the lock, ms: a remote is read as rarely as the holder refreshes it. */
export function lockPollMs({ config }: Pick<OperationParts, 'config'>): number {
  return config.lock.git ? Math.max(LOCK_POLL_MS, config.lock.heartbeatMs) : LOCK_POLL_MS
}

/** Whether a process holds the lock for the operation; when the lock cannot be read now, it counts as held. */
export async function isWorkedOn(parts: Pick<OperationParts, 'lock'>, id: string): Promise<boolean> {
  return (await workerOn(parts, id)) !== 'unattended'
}

type HeldState = Exclude<LockState, { readonly state: 'free' }>

/** The process that holds the lock for the operation, however long it has been silent. */
export async function workerOn(
  { lock }: Pick<OperationParts, 'lock'>,
  id: string,
): Promise<HeldState | 'unattended' | 'unknown'> {
  const status = await lock.status().catch((error: unknown) => {
    // An unreachable lock is read again later; the records of the operation come another way.
    if (!(error instanceof BagboyError) || error.code !== 'LOCK_UNREACHABLE') throw error
    return undefined
  })
  if (!status) return 'unknown'
  return status.state !== 'free' && status.state !== 'dead' && status.holder.run === id ? status : 'unattended'
}
