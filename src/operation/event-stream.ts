/** A buffer between an operation and its readers: the operation never waits for a reader. */
export interface EventStream<Event> extends AsyncIterable<Event> {
  push(event: Event): void
  /** No more events will come: iterations end after the last one. */
  end(): void
}

/**
 * @param keeps `all`: a late reader gets every event. `unread`: for an operation of unknown length with one reader,
 *   what it has read is dropped.
 */
export function createEventStream<Event extends object>(keeps: 'all' | 'unread' = 'all'): EventStream<Event> {
  const events: Event[] = []
  let isEnded = false
  let wake = Promise.withResolvers<void>()

  const announce = () => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }

  return {
    push(event) {
      events.push(event)
      announce()
    },
    end() {
      isEnded = true
      announce()
    },
    async *[Symbol.asyncIterator]() {
      for (let index = 0; ;) {
        const event = keeps === 'all' ? events[index] : events.shift()
        if (event) {
          index += 1
          yield event
        } else if (isEnded) return
        else await wake.promise
      }
    },
  }
}
