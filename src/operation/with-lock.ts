import { BagboyError } from '../errors/bagboy-error.ts'
import { withCleanUp } from '../errors/with-clean-up.ts'
import type { HeldLock } from '../lock/lock.ts'
import { actorName, type OperationParts } from './operation-parts.ts'

/** Between two attempts to acquire a lock that is taken, ms. */
const RETRY_MS = 250

/**
 * Holds the lock for the body. @throws LOCKED when it is not free within the configured wait
 * @param onHeld what becomes of a result when the lock cannot be given back; without it that is an error
 */
export async function withLock<T>(
  parts: OperationParts,
  request: { readonly run: string; readonly purpose: string },
  body: (lock: HeldLock) => Promise<T>,
  onHeld?: (result: T, error: unknown) => T,
): Promise<T> {
  const held = await waitForLock(parts, request)
  let unreleased: unknown
  const result = await withCleanUp(
    () => body(held),
    () =>
      held.release().catch((error: unknown) => {
        if (!onHeld) throw error
        unreleased = error
      }),
  )
  return unreleased === undefined || !onHeld ? result : onHeld(result, unreleased)
}

async function waitForLock(
  { lock, actor, config, platform }: OperationParts,
  request: { readonly run: string; readonly purpose: string },
): Promise<HeldLock> {
  const end = platform.clock.elapsedMs() + config.lock.waitMs
  for (;;) {
    try {
      return await lock.acquire({ ...request, who: actorName(actor) })
    } catch (error) {
      const isTaken = error instanceof BagboyError && error.code === 'LOCKED'
      if (!isTaken || platform.clock.elapsedMs() >= end) throw error
      await platform.clock.sleep(RETRY_MS)
    }
  }
}
