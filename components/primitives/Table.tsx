import { Box } from 'ink'
import type { ReactNode } from 'react'
import { fit } from '../format/text.ts'
import { COLUMN_GAP, fitColumns, type Column } from '../frame/columns.ts'
import { useWindow } from '../frame/use-window.ts'
import { TextLine } from './TextLine.tsx'
import { span, type Line, type Span } from './line.ts'

interface Props {
  readonly columns: readonly Column[]
  readonly count: number
  /** Cells of one row, as many as there are columns. Called for visible rows only. */
  readonly row: (index: number) => readonly Span[]
  readonly cursor: number
  readonly width: number
  /** Rows, the heading included. */
  readonly height: number
  readonly hasHeading?: boolean
}

const CURSOR_WIDTH = 3

/** A list of any length: only the rows that can be seen are made. */
export function Table({ columns, count, row, cursor, width, height, hasHeading = true }: Props): ReactNode {
  const fitted = fitColumns(columns, width - CURSOR_WIDTH - 1)
  const visible = Math.max(0, height - (hasHeading ? 1 : 0))
  const start = useWindow(cursor, count, visible)
  const gap = ' '.repeat(COLUMN_GAP)
  const lineOf = (cells: readonly Span[], mark: string): Line => [
    span(mark),
    ...fitted.flatMap((column, at) => {
      const cell = cells[column.index] ?? span('')
      return [...(at === 0 ? [] : [span(gap)]), { ...cell, text: fit(cell.text, column.width, column.align) }]
    }),
  ]
  const heading = columns.map(({ title }) => span(title, 'dim'))
  const indexes = Array.from({ length: Math.min(visible, count - start) }, (_, at) => start + at)
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0} overflow="hidden">
      {hasHeading ? <TextLine line={lineOf(heading, '   ')} width={width} /> : null}
      {indexes.map((index) => (
        <TextLine
          key={index - start}
          line={lineOf(row(index), index === cursor ? ' ▶ ' : '   ')}
          width={width}
          isSelected={index === cursor}
        />
      ))}
    </Box>
  )
}
