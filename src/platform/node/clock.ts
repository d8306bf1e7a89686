import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../platform.ts'

/** A timer fires early when asked for more than this; longer sleeps are made of several. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function createNodeClock(): Clock {
  return {
    now: () => new Date().toISOString(),
    elapsedMs: () => performance.now(),
    async sleep(ms, signal, options = {}) {
      for (let leftMs = ms; leftMs >= 0; leftMs -= LONGEST_TIMER_MS) {
        await sleepOnce(Math.min(leftMs, LONGEST_TIMER_MS), signal, options.isBackground ?? false)
      }
    },
  }
}

/** Ends with the signal's own reason when it aborts. */
async function sleepOnce(ms: number, signal: AbortSignal | undefined, isBackground: boolean): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal, ref: !isBackground })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
