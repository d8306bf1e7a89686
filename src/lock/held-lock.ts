import type { BagboyError } from '../errors/bagboy-error.ts'
import type { Clock } from '../platform/platform.ts'
import { startHeartbeat } from './heartbeat.ts'
import type { LockStorage } from './lock-storage.ts'
import type { LockRecord } from './lock-record.ts'
import type { HeldLock, Takeover } from './lock.ts'
import { lockLostError } from './locked-error.ts'
import { failpoint } from '../platform/failpoint.ts'

interface Holding {
  readonly clock: Clock
  readonly storage: LockStorage
  readonly record: LockRecord
  readonly heartbeatMs: number
  readonly takeover: () => Promise<Takeover | null>
}

/** The lock of an epoch that is ours, beating until it is released. */
export function holdLock({ clock, storage, record, heartbeatMs, takeover }: Holding): HeldLock {
  const { epoch } = record
  let loss: BagboyError | undefined
  const heartbeat = startHeartbeat(clock, heartbeatMs, async () => {
    await checkHeld()
    if (loss === undefined) await storage.writeBeat(record, clock.now())
    failpoint('lock:beaten')
  })

  async function checkHeld(): Promise<void> {
    if (loss !== undefined) return
    const newest = await storage.observe()
    if (newest.epoch === epoch && !newest.isReleased) return
    const successor = newest.epoch > epoch ? (await newest.readLease()).record : undefined
    loss = lockLostError({ epoch, newest: newest.epoch, successor, cause: heartbeat.failure() })
  }

  return {
    epoch,
    takeover,
    loss: () => loss,
    async assertHeld() {
      await checkHeld()
      if (loss !== undefined) throw loss
    },
    async release() {
      await heartbeat.stop()
      failpoint('lock:releasing')
      await storage.writeRelease(epoch, clock.now())
      failpoint('lock:released')
    },
  }
}
