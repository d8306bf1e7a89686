import { performance } from 'node:perf_hooks'
import type { Socket } from 'node:net'
import type { Dispatcher, buildConnector } from 'undici'
import type { HttpTimes } from '../../platform.ts'

type Connector = ReturnType<typeof buildConnector>

/** When what happened to one request, in milliseconds of the monotonic clock; `undefined` = it did not happen. */
interface Marks {
  connecting?: number
  connected?: number
  secured?: number
  sent?: number
  answered?: number
  ended?: number
}

/**
 * Measures one request from the inside. Loading a library, compiling a parser and waiting for a turn of our own event
 * loop between two marks do not count.
 */
export class RequestTimes {
  private readonly marks: Marks = {}

  /** Around the connector of a connection that is opened for this request only. */
  timing(connect: Connector): Connector {
    return (options, callback) => {
      const socket: unknown = connect(options, (...result) => {
        this.marks.secured = performance.now()
        callback(...result)
      })
      this.marks.connecting = performance.now()
      // A TLS socket tells of its TCP connection by the same event; the connector's own listener was there first.
      if (isSocket(socket)) socket.prependOnceListener('connect', () => (this.marks.connected = performance.now()))
      return socket as ReturnType<Connector>
    }
  }

  /** Around a dispatcher: from the request's first byte to the answer's last one. */
  around(dispatcher: Dispatcher): Dispatcher {
    return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, this.watching(handler)))
  }

  private watching(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (...args) => {
        handler.onRequestStart?.(...args)
        this.marks.sent = performance.now()
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => {
        this.marks.answered = performance.now()
        handler.onResponseStart?.(...args)
      },
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => {
        this.marks.ended = performance.now()
        handler.onResponseEnd?.(...args)
      },
      onResponseError: (...args) => handler.onResponseError?.(...args),
    }
  }

  /** What is known when the body has been read, or was left. */
  read(): HttpTimes {
    const { connecting, connected, secured, sent, answered, ended = performance.now() } = this.marks
    const connectMs = between(connecting, connected ?? secured)
    const tlsMs = connected === undefined ? 0 : between(connected, secured)
    const firstByteMs = between(sent, answered)
    const bodyMs = between(answered, ended)
    return { connectMs, tlsMs, firstByteMs, bodyMs, totalMs: connectMs + tlsMs + firstByteMs + bodyMs }
  }
}

function between(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? 0 : to - from
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'prependOnceListener' in value
}
