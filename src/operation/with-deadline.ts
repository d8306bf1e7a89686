import type { Clock } from '../platform/platform.ts'

/** Runs the body with a signal that aborts after `ms` of the clock, as `AbortSignal.timeout` does with the system's. */
export async function withDeadline<T>(clock: Clock, ms: number, body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController()
  const over = new AbortController()
  const waiting = clock.sleep(ms, over.signal, { isBackground: true }).then(
    () => deadline.abort(new DOMException('The time is over.', 'TimeoutError')),
    (error: unknown) => {
      if (!over.signal.aborted) throw error
    },
  )
  try {
    return await body(deadline.signal)
  } finally {
    over.abort()
    await waiting
  }
}
