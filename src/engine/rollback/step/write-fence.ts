import { BagboyError, type ErrorReport } from '../../../errors/bagboy-error.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import type { Clock, Fence } from '../../../platform/platform.ts'

/** Between asking for the lock and the first byte of a change: a new connection takes some of it, a stop all. */
const MAX_MS = 1000

export interface WriteFenceParts {
  readonly clock: Pick<Clock, 'elapsedMs'>
  readonly lock: Pick<HeldLock, 'assertHeld'>
  /** No other owner is let in earlier after our last heartbeat, unless a person breaks the lock. */
  readonly ttlMs: number
}

/**
 * Lets a change out only as long as what was learned of the lock is true: a process that is stopped right behind the
 * question and wakes behind a takeover would send it all the same. What no program can exclude is a stop between its
 * last look and the system call; it is found right behind it, and said.
 */
export function createWriteFence({ clock, lock, ttlMs }: WriteFenceParts): Fence {
  const maxMs = Math.min(MAX_MS, ttlMs / 2)
  return async () => {
    const askedMs = clock.elapsedMs()
    await lock.assertHeld()
    let wasSent = false
    return () => {
      const ageMs = Math.round(clock.elapsedMs() - askedMs)
      if (ageMs > maxMs) throw wasSent ? sentLate(ageMs) : heldUp(ageMs)
      wasSent = true
    }
  }
}

/** Whether a change may have gone out after another owner was let in. */
export function isSentLate({ code, details }: ErrorReport): boolean {
  return code === 'LOCK_UNSURE' && details !== null && typeof details === 'object' && 'wasSent' in details
}

function heldUp(ageMs: number): BagboyError {
  return new BagboyError('LOCK_UNSURE', `held up for ${ageMs} ms right before a change was sent; nothing was sent`)
}

function sentLate(ageMs: number): BagboyError {
  return new BagboyError('LOCK_UNSURE', `held up for ${ageMs} ms while a change was sent`, {
    details: { wasSent: true },
  })
}
