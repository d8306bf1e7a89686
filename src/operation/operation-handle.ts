import type { EventStream } from './event-stream.ts'

/** A run, deploy or watch that goes on; iterating gives its events from the first one on. */
export interface OperationHandle<Event, Outcome> extends AsyncIterable<Event> {
  readonly id: string
  readonly result: Promise<Outcome>
  /** Ends the work on it or, when it is only followed, the following. What is in flight is finished first. */
  stop(reason: string): void
}

interface Opened<Event, Outcome> {
  readonly stream: EventStream<Event>
  /** The work behind the handle; the stream ends with it. */
  readonly work: Promise<Outcome>
  readonly stop: (reason: string) => void
}

export function openHandle<Event, Outcome>(
  id: string,
  { stream, work, stop }: Opened<Event, Outcome>,
): OperationHandle<Event, Outcome> {
  const result = work.finally(() => stream.end())
  // The caller may await the events first; a refusal must not count as unhandled until then.
  result.catch(() => undefined)
  return { id, result, stop, [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() }
}
