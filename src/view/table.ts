import stringWidth from 'string-width'
import { sanitize } from '../domain/text/sanitize.ts'
import { spanText, withText, type Line, type Span } from './text.ts'

export interface Column {
  readonly title: string
  readonly align?: 'right'
  /** Cells that are wider are wrapped at words. In terminal columns. */
  readonly maxWidth?: number
}

const GAP = '  '

/** Aligned columns under a faint heading, indented by two. Cells may be foreign text of any width. Pure. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly Span[])[]): readonly Line[] {
  const heading: readonly Span[] = columns.map(({ title }) => ({ text: title, tone: 'dim' }))
  const wrapped = [heading, ...rows].map((row) => columns.map((column, at) => wrapCell(row[at] ?? '', column)))
  const widths = columns.map((_, at) => Math.max(...wrapped.map((row) => cellWidth(row[at] ?? []))))
  return wrapped.flatMap((cells) => renderRow(cells, columns, widths))
}

type Cell = readonly Span[]

function renderRow(cells: readonly Cell[], columns: readonly Column[], widths: readonly number[]): readonly Line[] {
  const height = Math.max(...cells.map(({ length }) => length))
  return Array.from({ length: height }, (_, line) =>
    cells.flatMap((cell, at) => [GAP, pad(cell[line] ?? '', widths[at] ?? 0, columns[at]?.align)]),
  )
}

function pad(span: Span, width: number, align: Column['align']): Span {
  const text = spanText(span)
  const fill = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return withText(span, align === 'right' ? fill + text : text + fill)
}

function cellWidth(cell: Cell): number {
  return Math.max(0, ...cell.map((span) => stringWidth(spanText(span))))
}

function wrapCell(span: Span, { maxWidth = Number.POSITIVE_INFINITY }: Column): Cell {
  const lines: string[] = []
  let line = ''
  for (const word of sanitize(spanText(span)).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (stringWidth(longer) <= maxWidth || line === '') line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].map((text) => withText(span, text))
}
