import { sanitize } from '../domain/text/sanitize.ts'

/** Meanings of text; each output gives them a look. */
export type Tone = 'ok' | 'bad' | 'warning' | 'info' | 'dim' | 'strong'

/** A piece of a line; its text may be foreign, it is made safe when it is printed. */
export type Span = string | { readonly text: string; readonly tone: Tone }
export type Line = Span | readonly Span[]

// SGR codes: green, red, yellow, cyan, faint, bold.
const SGR = { ok: '32', bad: '31', warning: '33', info: '36', dim: '2', strong: '1' } as const satisfies Record<
  Tone,
  string
>

/** Lines as terminal text, each ended. The only place that writes control characters. Pure. */
export function printLines(lines: readonly Line[], useColor: boolean): string {
  return lines.map((line) => `${printLine(line, useColor)}\n`).join('')
}

function printLine(line: Line, useColor: boolean): string {
  const spans: readonly Span[] = isSpan(line) ? [line] : line
  return spans
    .map((span) => printSpan(span, useColor))
    .join('')
    .trimEnd()
}

function printSpan(span: Span, useColor: boolean): string {
  if (typeof span === 'string') return sanitize(span)
  const text = sanitize(span.text)
  return useColor && text.trim() !== '' ? `\u001b[${SGR[span.tone]}m${text}\u001b[0m` : text
}

function isSpan(line: Line): line is Span {
  return !Array.isArray(line)
}

export function spanText(span: Span): string {
  return typeof span === 'string' ? span : span.text
}

/** The same look with another text. */
export function withText(span: Span, text: string): Span {
  return typeof span === 'string' ? text : { ...span, text }
}
