import type { Clock } from '../platform/platform.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { LockFolder } from './lock-folder.ts'
import type { HeldLock } from './lock.ts'
import { lockLostError } from './locked-error.ts'

interface Holding {
  readonly clock: Clock
  readonly lock: LockFolder
  readonly epoch: number
  readonly heartbeatMs: number
}

/** The lock of an epoch that is ours, beating until it is released. */
export function holdLock({ clock, lock, epoch, heartbeatMs }: Holding): HeldLock {
  const heartbeat = startHeartbeat(clock, heartbeatMs, () => lock.writeBeat(epoch, clock.now()))
  return {
    epoch,
    async assertHeld() {
      const newest = await lock.newest()
      if (newest.epoch === epoch && !newest.isReleased) return
      const successor = newest.epoch > epoch ? await lock.readHolder(newest.epoch) : undefined
      throw lockLostError({ epoch, newest: newest.epoch, successor, cause: heartbeat.failure() })
    },
    async release() {
      await heartbeat.stop()
      await lock.writeRelease(epoch, clock.now())
    },
  }
}
