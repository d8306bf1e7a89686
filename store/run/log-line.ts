import { appSentence, type EventText } from '../../src/view/event-text.ts'
import type { LogLine } from './run-state.ts'

/** The lines that an event leaves in the log of the app: one, or none for what the screen shows beside it. Pure. */
export function logLines(
  event: { readonly at: string; readonly step?: string },
  said: EventText | undefined,
): readonly LogLine[] {
  const text = said === undefined ? '' : appSentence(said)
  return said === undefined || text === '' ? [] : [{ at: event.at, step: event.step ?? '', text, tone: said[1] }]
}
