import type { BagboyError } from '../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../operation/event-stream.ts'
import { openHandle, type OperationHandle } from '../operation/operation-handle.ts'
import type { ToEngine } from './protocol.ts'

/** The runs, deploys and watches that go on at the other side of a connection. */
export interface RemoteOperations {
  /** Sends what begins one. */
  open<Event extends object, Outcome>(
    id: string,
    message: Extract<ToEngine, { kind: 'start' }>,
    keeps?: 'all' | 'unread',
  ): OperationHandle<Event, Outcome>
  push(id: number, event: object): void
  end(id: number, outcome: unknown): void
  /** It was refused. */
  fail(id: number, error: BagboyError): void
  /** The other side is gone. */
  failAll(error: BagboyError): void
}

interface Opened {
  readonly stream: EventStream<object>
  readonly outcome: PromiseWithResolvers<unknown>
}

export function createRemoteOperations(send: (message: ToEngine) => void): RemoteOperations {
  const opened = new Map<number, Opened>()

  function take(id: number): PromiseWithResolvers<unknown> | undefined {
    const outcome = opened.get(id)?.outcome
    opened.delete(id)
    return outcome
  }

  return {
    open<Event extends object, Outcome>(
      name: string,
      message: Extract<ToEngine, { kind: 'start' }>,
      keeps: 'all' | 'unread' = 'all',
    ) {
      const { id } = message
      const stream = createEventStream<object>(keeps)
      const outcome = Promise.withResolvers<unknown>()
      opened.set(id, { stream, outcome })
      send(message)
      const stop = (reason: string): void => send({ kind: 'stop', id, reason })
      // The other side implements the same interface: its events and outcome are of the method's types.
      return openHandle(name, { stream, work: outcome.promise, stop }) as OperationHandle<Event, Outcome>
    },
    push: (id, event) => opened.get(id)?.stream.push(event),
    end: (id, outcome) => take(id)?.resolve(outcome),
    fail: (id, error) => take(id)?.reject(error),
    failAll(error) {
      for (const id of opened.keys()) take(id)?.reject(error)
    },
  }
}
