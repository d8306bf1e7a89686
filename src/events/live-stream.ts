/**
 * Between something that may go on for days and its one reader: nothing waits for the reader, and what it has read is
 * kept no longer.
 */
export interface LiveStream<T> extends AsyncIterable<T> {
  push(item: T): void
  /** No more will come: the iteration ends after the last one. */
  end(): void
}

export function createLiveStream<T>(): LiveStream<T> {
  let waiting: T[] = []
  let isEnded = false
  let wake = Promise.withResolvers<void>()
  const announce = (): void => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }
  return {
    push(item) {
      waiting.push(item)
      announce()
    },
    end() {
      isEnded = true
      announce()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const batch = waiting
        waiting = []
        yield* batch
        if (waiting.length > 0) continue
        if (isEnded) return
        await wake.promise
      }
    },
  }
}
