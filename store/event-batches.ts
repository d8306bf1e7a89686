import type { Stamped } from '../src/events/events.ts'
import type { CommandContext } from './command-context.ts'
import { safe } from './safe.ts'

/** Engine events reach the store at most five times a second: the screen is painted no oftener. */
const BATCH_MS = 200
const TICK_MS = 1000

export interface Batch<E> {
  readonly add: (event: E) => void
  /** Delivers what is waiting, now. */
  readonly flush: () => void
}

export function createBatch<E>({ ports }: CommandContext, deliver: (events: readonly E[]) => void): Batch<E> {
  let waiting: E[] = []
  let stop: (() => void) | undefined
  const flush = (): void => {
    stop?.()
    stop = undefined
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    deliver(events)
  }
  return {
    add(event) {
      waiting.push(safe(event))
      stop ??= ports.after(BATCH_MS, flush)
    },
    flush,
  }
}

/** The events of a run. */
export function batchEvents(context: CommandContext): Batch<Stamped> {
  const { dispatch, ports } = context
  return createBatch(context, (events) => dispatch({ type: 'run.events', events, now: ports.now() }))
}

/** The clock on the screen. */
export function tick(context: CommandContext): () => void {
  return repeat(context, TICK_MS, () => context.dispatch({ type: 'clock.ticked', now: context.ports.now() }))
}

/** Until the returned function is called. */
export function repeat({ ports }: CommandContext, everyMs: number, work: () => void): () => void {
  let stop = (): void => undefined
  const again = (): void => {
    stop = ports.after(everyMs, () => {
      work()
      again()
    })
  }
  again()
  return () => stop()
}
