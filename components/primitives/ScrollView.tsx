import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Lines } from './TextLine.tsx'
import { span, type Line } from './line.ts'

interface Props {
  readonly lines: readonly Line[]
  /** First row that is shown. */
  readonly offset: number
  readonly width: number
  readonly height: number
  /** The key that shows more, where this page has the keys. */
  readonly moreKey?: string
}

/** A page that may be longer than its place; says how much is below. */
export function ScrollView({ lines, offset, width, height, moreKey }: Props): ReactNode {
  const start = Math.max(0, Math.min(offset, lines.length - height))
  const below = lines.length - start - height
  const visible = lines.slice(start, start + height)
  const more: Line = [
    span(` ↓ ${below + 1} more rows`, 'dim'),
    ...(moreKey === undefined ? [] : [span('   '), span(moreKey, 'accent')]),
  ]
  const shown = below > 0 && height > 2 ? [...visible.slice(0, -1), more] : visible
  return (
    <Box flexDirection="column" width={width} height={height} flexShrink={0} overflow="hidden">
      <Lines lines={shown} width={width} />
    </Box>
  )
}
