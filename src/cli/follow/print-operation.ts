import type { OperationHandle } from '../../operation/operation-handle.ts'
import type { Line } from '../../view/text.ts'
import type { Invocation } from '../command.ts'

interface Printing<Event, View> {
  readonly fold: (view: View | undefined, event: Event) => View | undefined
  readonly line: (event: Event, view: View) => Line | undefined
  /** Called with each new event; the view already holds it. */
  readonly onEvent?: ((event: Event, view: View) => void) | undefined
  /** What was printed up to it is not printed again. */
  readonly afterSeq?: number
  /** What a signal does to it. */
  readonly stopText?: string
  readonly stopReason?: string
}

/** Shows the events of an operation as they come, until it ends. A signal stops it. */
export async function printOperation<Event extends { readonly seq: number }, View, Outcome>(
  handle: OperationHandle<Event, Outcome>,
  { interruption, output }: Invocation,
  { fold, line, onEvent, afterSeq = 0, stopText, stopReason = 'stopped by a signal' }: Printing<Event, View>,
): Promise<Outcome> {
  const { signal } = interruption
  const stop = (): void => {
    if (stopText !== undefined) output.note({ text: stopText, tone: 'warning' })
    handle.stop(stopReason)
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    let view: View | undefined
    for await (const event of handle) {
      view = fold(view, event)
      if (view === undefined || event.seq <= afterSeq) continue
      output.item(event)
      const text = line(event, view)
      if (text !== undefined) output.note(text)
      onEvent?.(event, view)
    }
    return await handle.result
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
