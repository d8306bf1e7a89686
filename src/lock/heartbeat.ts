import { BagboyError } from '../errors/bagboy-error.ts'
import type { Clock } from '../platform/platform.ts'

export interface Heartbeat {
  /** The last beat that could not be written, until one can be; the lock is lost by a newer epoch only. */
  failure(): BagboyError | undefined
  /** No beat is written any more when it settles. */
  stop(): Promise<void>
}

/** Calls `beat` every `intervalMs`. Does not keep the process alive, and a full disk does not end the run. */
export function startHeartbeat(clock: Clock, intervalMs: number, beat: () => Promise<void>): Heartbeat {
  const stopping = new AbortController()
  let failure: BagboyError | undefined
  const run = async (): Promise<void> => {
    while (await sleepUnless(stopping.signal)) {
      try {
        await beat()
        failure = undefined
      } catch (error) {
        if (!(error instanceof BagboyError)) throw error
        failure = error
      }
    }
  }
  const sleepUnless = async (signal: AbortSignal): Promise<boolean> => {
    await clock.sleep(intervalMs, signal, { isBackground: true }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
    return !signal.aborted
  }
  const running = run().catch((error: unknown) => {
    failure = new BagboyError('BUG', 'the heartbeat of the lock has stopped', { cause: error })
  })
  return {
    failure: () => failure,
    async stop() {
      stopping.abort()
      await running
    },
  }
}
