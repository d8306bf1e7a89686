/** Gives a place to work as soon as there is one; an abort ends the wait for it. */
export type Turn = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

/** Runs work at most so many at a time, in the order in which it was asked for. */
export function takeTurns(limit: number): Turn {
  const waiting: (() => void)[] = []
  let running = 0
  const waitForPlace = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', leave, { once: true })
      waiting.push(begin)
    })
  return async (work, signal) => {
    signal?.throwIfAborted()
    if (running >= limit) await waitForPlace(signal)
    else running += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes this place over.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
