import type { WatchHandle, WatchOutcome, WatchRequest } from '../engine/watch/watch.ts'
import type { BagboyError } from '../errors/bagboy-error.ts'
import { createLiveStream, type LiveStream } from '../events/live-stream.ts'
import type { StampedWatch } from '../events/watch-events.ts'
import type { FromEngine, ToEngine } from './protocol.ts'

interface OpenWatch {
  readonly stream: LiveStream<StampedWatch>
  readonly outcome: PromiseWithResolvers<WatchOutcome>
}

/** The watches on the other side of a connection. */
export interface WatchClient {
  start(id: number, request: WatchRequest): WatchHandle
  receive(message: Extract<FromEngine, { kind: 'watched' | 'watch-ended' }>): void
  /** A watch was refused or its other side is gone. */
  fail(id: number, error: BagboyError): void
  failAll(error: BagboyError): void
}

export function createWatchClient(send: (message: ToEngine) => void): WatchClient {
  const watches = new Map<number, OpenWatch>()

  function finish(id: number, conclude: (watch: OpenWatch) => void): void {
    const watch = watches.get(id)
    if (!watch) return
    watches.delete(id)
    watch.stream.end()
    conclude(watch)
  }

  const fail = (id: number, error: BagboyError): void => finish(id, ({ outcome }) => outcome.reject(error))

  return {
    start(id, request) {
      const watch = { stream: createLiveStream<StampedWatch>(), outcome: Promise.withResolvers<WatchOutcome>() }
      watches.set(id, watch)
      // The caller may await the events first; a refusal must not count as unhandled until then.
      watch.outcome.promise.catch(() => undefined)
      send({ kind: 'watch', id, args: [request] })
      return {
        watchId: String(id),
        result: watch.outcome.promise,
        stop: (reason) => send({ kind: 'abort', id, reason }),
        command: (command) => send({ kind: 'watch-command', id, command }),
        [Symbol.asyncIterator]: () => watch.stream[Symbol.asyncIterator](),
      }
    },
    receive(message) {
      if (message.kind === 'watched') watches.get(message.id)?.stream.push(message.event)
      else finish(message.id, ({ outcome }) => outcome.resolve(message.outcome))
    },
    fail,
    failAll(error) {
      for (const id of watches.keys()) fail(id, error)
    },
  }
}
