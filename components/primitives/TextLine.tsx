import { Box, Text } from 'ink'
import { memo, type ReactNode } from 'react'
import { widthOf } from '../format/text.ts'
import { useTheme } from '../store-context.ts'
import { type Line, clipLine } from './line.ts'

interface Props {
  readonly line: Line
  readonly width: number
  /** Inverse over the whole width, without colours of its own. */
  readonly isSelected?: boolean
}

/** One Text per row: cut to the width by us, so that a row never wraps and never paints over its neighbour. */
export const TextLine = memo(Row, isSameRow)

function Row({ line, width, isSelected = false }: Props): ReactNode {
  const theme = useTheme()
  const spans = clipLine(line, width)
  if (isSelected) {
    const text = spans.map((part) => part.text).join('')
    return (
      <Box height={1} flexShrink={0}>
        <Text wrap="truncate" inverse>
          {theme.show(text + ' '.repeat(Math.max(0, width - widthOf(text))))}
        </Text>
      </Box>
    )
  }
  return (
    <Box height={1} flexShrink={0}>
      <Text wrap="truncate">
        {spans.length === 0 ? ' ' : null}
        {spans.map((part, index) => (
          // eslint-disable-next-line react/no-array-index-key -- the parts of a line have no identity but their place
          <Text key={index} {...theme.styles[part.tone ?? 'text']}>
            {theme.show(part.text)}
          </Text>
        ))}
      </Text>
    </Box>
  )
}

/** Most rows of a frame are as they were: they are not touched. */
function isSameRow(before: Props, after: Props): boolean {
  return (
    before.width === after.width &&
    before.isSelected === after.isSelected &&
    before.line.length === after.line.length &&
    before.line.every(({ text, tone }, index) => text === after.line[index]?.text && tone === after.line[index]?.tone)
  )
}

/** Rows one below the other. */
export function Lines({ lines, width }: { readonly lines: readonly Line[]; readonly width: number }): ReactNode {
  return lines.map((line, index) => (
    // eslint-disable-next-line react/no-array-index-key -- rows of a screen have no identity but their place
    <TextLine key={index} line={line} width={width} />
  ))
}
