import { sanitizeLines } from '../domain/text/sanitize.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Line } from './text.ts'

/** Code, message and hint; further lines of the message are indented. Pure. */
export function renderError({ code, message, hint }: ErrorReport): readonly Line[] {
  const [first = '', ...more] = sanitizeLines(message)
  return [
    [{ text: `error ${code}`, tone: 'bad' }, `  ${first}`],
    ...more.map((line): Line => `  ${line}`),
    ...(hint === null ? [] : sanitizeLines(hint).map((line, at): Line => `${at === 0 ? '  → ' : '    '}${line}`)),
  ]
}
