import type { HeldLock } from '../../lock/lock.ts'

/** Of whoever watches as a part of something that holds it. */
export type WatchLock = Pick<HeldLock, 'epoch' | 'assertHeld'>
