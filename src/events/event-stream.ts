import type { Stamped } from './events.ts'

/** A buffer between a run and whoever watches: the run never waits for a reader, a late reader gets every event. */
export interface EventStream<Event = Stamped> extends AsyncIterable<Event> {
  push(event: Event): void
  /** No more events will come: iterations end after the last one. */
  end(): void
}

export function createEventStream<Event = Stamped>(): EventStream<Event> {
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
      for (let index = 0; ; index += 1) {
        while (index >= events.length) {
          if (isEnded) return
          await wake.promise
        }
        const event = events[index]
        if (event) yield event
      }
    },
  }
}
