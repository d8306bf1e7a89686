import type { Line, Tone } from './text.ts'
import { formatDuration, msUntil } from './time.ts'

/** How one event reads: what happened in one or two words (`read back`), and the rest. Each log makes its line from this. */
export type EventText = readonly [word: string, tone: Tone, text: string, logs?: LogNotes]

/** Where the logs differ: the app has keys and a list of steps or stages beside its log, a headless log has neither. */
interface LogNotes {
  /** The only log that says it. */
  readonly only?: 'app' | 'cli'
  /** What the log of the app adds. */
  readonly app?: string
  /** What the headless log adds. */
  readonly cli?: string
}

/** `read back: 2 reads in agreement`: for the log of the app, which has columns for time and registry. Pure. */
export function appSentence([word, , text, { only, app = '' } = {}]: EventText): string {
  return only === 'cli' ? '' : [word, text].filter((part) => part !== '').join(': ') + app
}

/** `    1.2s  done       docker myapp  read back 2 times`: since the beginning, the word, `about`, the rest. Pure. */
export function progressLine(
  said: EventText | undefined,
  { at, startedAt, about = '' }: { readonly at: string; readonly startedAt: string; readonly about?: string },
): Line | undefined {
  if (!said) return undefined
  const [word, tone, text, { only, cli = '' } = {}] = said
  if (only === 'app') return undefined
  const since = formatDuration(msUntil(at, startedAt))
  return [
    { text: `${since.padStart(8)}  `, tone: 'dim' },
    { text: word.padEnd(11), tone },
    `${about === '' ? text : `${about}  ${text}`}${cli}`,
  ]
}
