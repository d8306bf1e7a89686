import type { LockPlace } from './lock-place.ts'

/**
 * The lock of one application in one environment. Earlier versions of this program had one lock for all of them: until
 * something is claimed here, that one counts, and its epochs go on from there.
 */
export function succeedLock(place: LockPlace, before: LockPlace): LockPlace {
  return {
    ...place,
    async look() {
      const look = await place.look()
      return look.epoch > 0 ? look : before.look()
    },
  }
}
