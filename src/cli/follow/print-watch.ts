import type { WatchHandle, WatchOutcome } from '../../engine/watch/watch.ts'
import { projectWatch, type WatchView } from '../../events/project-watch.ts'
import type { StampedWatch } from '../../events/watch-events.ts'
import { renderWatchEvent } from '../../view/health/watch-lines.ts'
import type { Invocation } from '../command.ts'
import { printOperation } from './print-operation.ts'

interface WatchListener {
  readonly onEvent?: (event: StampedWatch, view: WatchView) => void
  readonly isQuiet?: boolean
}

/** Shows a watch until it ends. A signal ends it. */
export function printWatch(
  handle: WatchHandle,
  invocation: Invocation,
  { onEvent, isQuiet = false }: WatchListener = {},
): Promise<WatchOutcome> {
  const line = isQuiet ? () => undefined : renderWatchEvent
  return printOperation(handle, invocation, { fold: projectWatch, line, onEvent })
}
