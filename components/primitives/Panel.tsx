import { Box } from 'ink'
import type { ReactNode } from 'react'
import { clip, widthOf } from '../format/text.ts'
import { useLayout, useTheme } from '../store-context.ts'
import { TextLine } from './TextLine.tsx'
import { span, type Line } from './line.ts'

interface Props {
  readonly title: string
  /** On the right end of the title row. */
  readonly note?: string
  readonly width: number
  /** All rows, the title included. */
  readonly height: number
  readonly isActive?: boolean
  /** With sides whatever the width of the terminal. */
  readonly isBoxed?: boolean
  readonly children: (inner: { readonly width: number; readonly height: number }) => ReactNode
}

/** A titled part of a screen: a rule at 80 columns, a rounded box where there is room for panes. */
export function Panel({
  title,
  note = '',
  width,
  height,
  isActive = false,
  isBoxed: isForced,
  children,
}: Props): ReactNode {
  const { mode } = useLayout()
  const theme = useTheme()
  if (height < 1) return null
  const isBoxed = (isForced ?? mode === 'panes') && height >= 3
  const inner = isBoxed ? { width: width - 4, height: height - 2 } : { width, height: height - 1 }
  const ends = isBoxed ? (['╭─', '─╮'] as const) : (['─', '─'] as const)
  const top = titleLine(title, note, width, ends, isActive)
  if (!isBoxed) {
    return (
      <Box flexDirection="column" width={width} height={height} flexShrink={0} overflow="hidden">
        <TextLine line={top} width={width} />
        {children(inner)}
      </Box>
    )
  }
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0} overflow="hidden">
      <TextLine line={top} width={width} />
      <Box
        flexDirection="column"
        width={width}
        height={height - 1}
        borderStyle={theme.isAscii ? 'classic' : 'round'}
        borderTop={false}
        borderDimColor={!isActive}
        paddingX={1}
        overflow="hidden"
        {...(isActive && theme.hasColor ? { borderColor: 'cyan' } : {})}
      >
        {children(inner)}
      </Box>
    </Box>
  )
}

function titleLine(
  title: string,
  note: string,
  width: number,
  [left, right]: readonly [string, string],
  isActive: boolean,
): Line {
  const rule = isActive ? 'accent' : 'dim'
  const room = width - widthOf(left) - widthOf(right)
  const shownTitle = title === '' ? '' : ` ${clip(title, Math.max(0, room - 3))} `
  const shownNote = note === '' || room - widthOf(shownTitle) - widthOf(note) < 4 ? '' : ` ${note} `
  const fill = Math.max(0, room - widthOf(shownTitle) - widthOf(shownNote))
  return [
    span(left, rule),
    span(shownTitle, 'strong'),
    span('─'.repeat(fill), rule),
    span(shownNote, 'dim'),
    span(right, rule),
  ]
}
