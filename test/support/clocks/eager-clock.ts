import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../../src/platform/platform.ts'

interface Sleeper {
  readonly untilMs: number
  readonly isBackground: boolean
  readonly wake: () => void
}

export interface EagerClock extends Clock {
  /** Lets time pass although no timer waits for it. */
  pass(ms: number): Promise<void>
}

/** A clock whose time jumps to the next wake-up as soon as no other work is left: hours pass in milliseconds. */
export function createEagerClock(start = '2026-11-23T10:00:00.000Z'): EagerClock {
  const startMs = Date.parse(start)
  const sleepers = new Set<Sleeper>()
  let passedMs = 0
  let isRunning = false

  /** In the order of their times, as a real clock would. */
  async function advance(untilMs: number): Promise<void> {
    for (;;) {
      const [next] = [...sleepers].filter((one) => one.untilMs <= untilMs).sort((a, b) => a.untilMs - b.untilMs)
      if (!next) break
      passedMs = Math.max(passedMs, next.untilMs)
      sleepers.delete(next)
      next.wake()
      await settle()
    }
    passedMs = Math.max(passedMs, untilMs)
  }

  /** As long as something waits in the foreground. What only waits in the background wakes on the way. */
  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    for (;;) {
      await settle()
      const [next] = [...sleepers].filter(({ isBackground }) => !isBackground).sort((a, b) => a.untilMs - b.untilMs)
      if (!next) break
      await advance(next.untilMs)
    }
    isRunning = false
  }

  return {
    now: () => new Date(startMs + passedMs).toISOString(),
    elapsedMs: () => passedMs,
    sleep: (ms, signal, options = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error)
        const sleeper: Sleeper = {
          untilMs: passedMs + ms,
          isBackground: options.isBackground ?? false,
          wake: resolve,
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          if (sleepers.delete(sleeper)) reject(signal.reason as Error)
        })
        void run()
      }),
    async pass(ms) {
      await settle()
      await advance(passedMs + ms)
    },
  }
}

/** Everything that can go on without time passing has gone on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await nextTurn()
}
