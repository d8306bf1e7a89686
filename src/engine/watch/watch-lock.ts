import type { HeldLock } from '../../lock/lock.ts'

/** Of a process that watches as a part of an operation that holds it. */
export type WatchLock = Pick<HeldLock, 'epoch' | 'assertHeld'>
