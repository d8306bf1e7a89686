import { performance } from 'node:perf_hooks'
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

function sleepOnce(ms: number, signal: AbortSignal | undefined, isBackground: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    if (isBackground) timer.unref()
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
