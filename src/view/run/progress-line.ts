import { formatDuration } from '../duration.ts'
import type { Line, Span, Tone } from '../text.ts'

/** What an event is called in a log, and what it says. */
export type Words = readonly [word: string, tone: Tone, text: string]

/** `    1.2s  done       docker myapp  read back 2 times`: since the beginning, the word, the rest. Pure. */
export function progressLine(said: Words | undefined, at: string, startedAt: string): Line | undefined {
  if (!said) return undefined
  const since = formatDuration(Math.max(0, Date.parse(at) - Date.parse(startedAt)))
  const [word, tone, text] = said
  const head: Span = { text: word.padEnd(11), tone }
  return [{ text: `${since.padStart(8)}  `, tone: 'dim' }, head, text]
}
