import PQueue from 'p-queue'

/** Starts work as soon as fewer pieces than the limit run, in the order of the calls; an abort ends the wait. */
export type Limit = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>

export function limitConcurrency(concurrency: number): Limit {
  const queue = new PQueue({ concurrency })
  return (work, signal) =>
    new Promise((resolve, reject) => {
      // Not the signal option of p-queue: an abort would free the place of work that still runs and hide its own error.
      const leave = (): void => reject(signal?.reason)
      if (signal?.aborted) return leave()
      signal?.addEventListener('abort', leave, { once: true })
      void queue.add(async () => {
        signal?.removeEventListener('abort', leave)
        if (signal?.aborted) return
        try {
          resolve(await work())
        } catch (error) {
          reject(error)
        }
      })
    })
}

/** Runs `work` for every item, at most `concurrency` at a time; results in the order of the items. */
export function mapConcurrently<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const limit = limitConcurrency(concurrency)
  return Promise.all(items.map((item) => limit(() => work(item))))
}
