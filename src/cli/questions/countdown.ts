import type { WatchHandle } from '../../engine/watch/watch.ts'
import type { StampedWatch } from '../../events/watch-events.ts'
import type { Invocation } from '../command.ts'

const SECOND_MS = 1000

/** Shows the seconds that are left on one line of the terminal; any key stops the countdown. */
export interface Countdown {
  /** Called with every event of the watch. */
  readonly onEvent: (event: StampedWatch) => void
}

export function createCountdown({ ports, platform }: Invocation, handle: WatchHandle): Countdown {
  let running: AbortController | undefined

  async function count(ms: number, to: string, signal: AbortSignal): Promise<void> {
    for (let leftMs = ms; leftMs > 0 && !signal.aborted; leftMs -= SECOND_MS) {
      const seconds = String(Math.ceil(leftMs / SECOND_MS)).padStart(3)
      ports.stderr.write(`\r Rolling back to ${to} in ${seconds} s. Any key stops it. `)
      await platform.clock.sleep(Math.min(SECOND_MS, leftMs), signal).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    }
  }

  async function listen(signal: AbortSignal): Promise<void> {
    const key = await ports.stdin.readKey(signal)
    if (key !== undefined && !signal.aborted) handle.command('veto')
  }

  return {
    onEvent(event) {
      if (event.type === 'countdown.started') {
        running = new AbortController()
        void count(event.ms, event.plan.to, running.signal)
        void listen(running.signal)
      }
      if (event.type === 'countdown.ended' || event.type === 'watch.ended') {
        if (running) ports.stderr.write('\n')
        running?.abort()
        running = undefined
      }
    },
  }
}
