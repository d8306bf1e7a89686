import { BagboyError } from '../errors/bagboy-error.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Clock, Fence } from '../platform/platform.ts'

/** Between asking for the lock and the first byte of a change: a new connection takes some of it, a stop all. */
const MAX_MS = 1000

export interface WriteFenceParts {
  readonly clock: Pick<Clock, 'elapsedMs'>
  readonly lock: Pick<HeldLock, 'assertHeld'>
  /** Nobody else is let in earlier after our last sign of life, unless a person says so. */
  readonly ttlMs: number
}

/**
 * Lets a change out only as long as what was learned of the lock is true: a process that is stopped right behind the
 * question and wakes behind a takeover would send it all the same.
 */
export function createWriteFence({ clock, lock, ttlMs }: WriteFenceParts): Fence {
  const maxMs = Math.min(MAX_MS, ttlMs / 2)
  return async () => {
    const askedMs = clock.elapsedMs()
    await lock.assertHeld()
    return () => {
      const ageMs = Math.round(clock.elapsedMs() - askedMs)
      if (ageMs <= maxMs) return
      throw new BagboyError('LOCK_UNSURE', `held up for ${ageMs} ms right before a change was sent; nothing was sent`)
    }
  }
}
