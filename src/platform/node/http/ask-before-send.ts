import type { Dispatcher } from 'undici'

/** undici calls `onRequestStart` as soon as it has a connection, and writes to it right behind, without a turn between. */
export function askBeforeSend(dispatcher: Dispatcher, ask: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, askingFirst(handler, ask)))
}

/** What `ask` throws ends the request: before it was sent, with the connection left as it is, or right behind it. */
function askingFirst(handler: Dispatcher.DispatchHandler, ask: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      ask()
      handler.onRequestStart?.(controller, context)
      queueMicrotask(() => {
        try {
          ask()
        } catch (error) {
          controller.abort(error instanceof Error ? error : new Error(String(error)))
        }
      })
    },
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  }
}
