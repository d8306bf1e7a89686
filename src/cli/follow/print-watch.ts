import type { WatchHandle, WatchOutcome } from '../../engine/watch/watch.ts'
import { projectWatch, type WatchView } from '../../events/project-watch.ts'
import type { StampedWatch } from '../../events/watch-events.ts'
import type { Invocation } from '../command.ts'
import { renderWatchEvent } from '../../view/health/watch-lines.ts'

export interface WatchListener {
  /** Called with each event; the view already holds it. */
  readonly onEvent?: (event: StampedWatch, view: WatchView) => void
  readonly isQuiet?: boolean
}

/** Shows a watch until it ends. A signal ends it. */
export async function printWatch(
  handle: WatchHandle,
  { output, interruption }: Invocation,
  { onEvent, isQuiet = false }: WatchListener = {},
): Promise<WatchOutcome> {
  const stop = (): void => handle.stop('stopped by a signal')
  if (interruption.signal.aborted) stop()
  interruption.signal.addEventListener('abort', stop, { once: true })
  let view: WatchView | undefined
  for await (const event of handle) {
    view = projectWatch(view, event)
    if (!view) continue
    output.item(event)
    const line = isQuiet ? undefined : renderWatchEvent(event, view)
    if (line !== undefined) output.note(line)
    onEvent?.(event, view)
  }
  interruption.signal.removeEventListener('abort', stop)
  return handle.result
}
