import { untrustedLines } from '../domain/text/display.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Line } from './text.ts'

/** Code, message and hint; further lines of the message are indented. Pure. */
export function renderError({ code, message, hint }: ErrorReport): readonly Line[] {
  const [first = '', ...more] = untrustedLines(message)
  return [
    [{ text: `error ${code}`, tone: 'bad' }, `  ${first}`],
    ...more.map((line): Line => `  ${line}`),
    ...(hint === null ? [] : untrustedLines(hint).map((line, at): Line => `${at === 0 ? '  → ' : '    '}${line}`)),
  ]
}
