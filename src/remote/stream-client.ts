import type { BagboyError } from '../errors/bagboy-error.ts'
import type { ToEngine } from './protocol.ts'

/** Between the port and whoever reads: as the engine itself has one for the same kind of thing. */
interface Buffer<Event> extends AsyncIterable<Event> {
  push(event: Event): void
  end(): void
}

interface Open<Event, Outcome> {
  readonly buffer: Buffer<Event>
  readonly outcome: PromiseWithResolvers<Outcome>
}

/** What on the other side of a connection speaks in events and has one outcome. */
export interface StreamClient<Event, Outcome> {
  /** Sends what begins it. */
  open(id: number, message: ToEngine): AsyncIterable<Event> & { readonly result: Promise<Outcome> }
  push(id: number, event: Event): void
  end(id: number, outcome: Outcome): void
  /** It was refused, or the other side is gone. */
  fail(id: number, error: BagboyError): void
  failAll(error: BagboyError): void
}

export function createStreamClient<Event, Outcome>(
  send: (message: ToEngine) => void,
  createBuffer: () => Buffer<Event>,
): StreamClient<Event, Outcome> {
  const open = new Map<number, Open<Event, Outcome>>()

  function finish(id: number, conclude: (outcome: PromiseWithResolvers<Outcome>) => void): void {
    const one = open.get(id)
    if (!one) return
    open.delete(id)
    one.buffer.end()
    conclude(one.outcome)
  }

  const fail = (id: number, error: BagboyError): void => finish(id, ({ reject }) => reject(error))

  return {
    open(id, message) {
      const buffer = createBuffer()
      const outcome = Promise.withResolvers<Outcome>()
      open.set(id, { buffer, outcome })
      // The caller may await the events first; a refusal must not count as unhandled until then.
      outcome.promise.catch(() => undefined)
      send(message)
      return { result: outcome.promise, [Symbol.asyncIterator]: () => buffer[Symbol.asyncIterator]() }
    },
    push: (id, event) => open.get(id)?.buffer.push(event),
    end: (id, outcome) => finish(id, ({ resolve }) => resolve(outcome)),
    fail,
    failAll(error) {
      for (const id of open.keys()) fail(id, error)
    },
  }
}
