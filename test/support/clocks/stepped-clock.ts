import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '../../../src/platform/platform.ts'

export interface SteppedClock extends Clock {
  /** Lets time pass and wakes all that sleeps until then; first lets those fall asleep who are about to. */
  pass(ms: number): Promise<void>
  /** Moves the wall clock only, as NTP or a person does. */
  jump(ms: number): void
  sleeperCount(): number
}

interface Sleeper {
  readonly untilMs: number
  readonly wake: () => void
}

/** Time stands still unless `pass` is called. */
export function steppedClock(start = '2026-11-23T10:00:00.000Z'): SteppedClock {
  let startMs = Date.parse(start)
  let passedMs = 0
  const sleepers = new Set<Sleeper>()
  return {
    now: () => new Date(startMs + passedMs).toISOString(),
    elapsedMs: () => passedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper: Sleeper = { untilMs: passedMs + ms, wake: resolve }
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
        if (signal?.aborted) reject(signal.reason)
        else sleepers.add(sleeper)
      }),
    async pass(ms) {
      await nextTurn()
      passedMs += ms
      for (const sleeper of sleepers) {
        if (sleeper.untilMs > passedMs) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await nextTurn()
    },
    jump: (ms) => void (startMs += ms),
    sleeperCount: () => sleepers.size,
  }
}
