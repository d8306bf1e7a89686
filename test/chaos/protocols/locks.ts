import { join } from 'node:path'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import type { LockStore } from '../../../src/lock/lock.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Files } from '../../../src/platform/platform.ts'
import { steppedClock, type SteppedClock } from '../../support/clocks/stepped-clock.ts'
import { complaintOf, type Protocol } from './protocol.ts'

const HEARTBEAT_MS = 1000
const REQUEST = { run: 'R', purpose: 'test', who: 'alice' }

function storeIn(files: Files, folder: string, clock: SteppedClock): LockStore {
  const { host } = createNodePlatform()
  const storage = openLockFolder(files, join(folder, 'locks'))
  return createLockStore({ platform: { clock, host }, storage, ttlMs: 60_000, heartbeatMs: HEARTBEAT_MS })
}

/** Acknowledged facts are `held EPOCH` and `released EPOCH`. */
function epochsOf(acknowledged: readonly string[], fact: string): readonly number[] {
  return acknowledged.filter((one) => one.startsWith(fact)).map((one) => Number(one.split(' ')[1]))
}

export const lockCycle: Protocol = {
  name: 'lock claim, beat and release',
  prepare: () => Promise.resolve(),
  async act(files, folder, acknowledge) {
    const clock = steppedClock()
    for (let turn = 1; turn <= 2; turn += 1) {
      const lock = await storeIn(files, folder, clock).acquire(REQUEST)
      acknowledge(`held ${lock.epoch}`)
      await clock.pass(HEARTBEAT_MS)
      await lock.release()
      acknowledge(`released ${lock.epoch}`)
    }
  },
  check: (files, folder, acknowledged) =>
    complaintOf('taking the lock', async () => {
      const store = storeIn(files, folder, steppedClock())
      const status = await store.status()
      const { state, epoch } = status
      const newest = Math.max(0, ...epochsOf(acknowledged, 'held'))
      const wrong = [
        ...(epoch >= newest ? [] : [`epoch ${newest} was given away and the newest is ${epoch}`]),
        // Without its name nobody could tell that it is gone.
        ...(epoch === newest && 'holder' in status && status.holder.who !== REQUEST.who
          ? ['its holder is unknown']
          : []),
        ...(epochsOf(acknowledged, 'released').includes(epoch) && state !== 'free'
          ? [`${epoch} is ${state} again`]
          : []),
      ]
      // Its holder is this process, which lives: somebody has to say that it does not go on.
      if (state !== 'free') await store.break(epoch, { who: 'bob', reason: 'the power was cut' })
      const next = await store.acquire(REQUEST)
      await next.release()
      return next.epoch > newest ? wrong : [...wrong, `epoch ${next.epoch} was given away twice`]
    }),
}
