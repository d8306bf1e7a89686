import type { LockStorage } from './lock-storage.ts'

/**
 * The lock of one application in one environment. Earlier versions of this program had one lock for all of them: until
 * something is claimed here, that one counts, and its epochs go on from there.
 */
export function succeedLock(storage: LockStorage, before: LockStorage): LockStorage {
  return {
    ...storage,
    async observe() {
      const observation = await storage.observe()
      return observation.epoch > 0 ? observation : before.observe()
    },
  }
}
