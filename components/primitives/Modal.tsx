import { Box } from 'ink'
import type { ReactNode } from 'react'
import { Panel } from './Panel.tsx'
import { useLayout } from '../store-context.ts'

interface Props {
  readonly title: string
  /** Rows of its content. */
  readonly contentRows: number
  readonly children: (inner: { readonly width: number; readonly height: number }) => ReactNode
}

const MAX_WIDTH = 74

/** Columns inside of a modal. */
export function modalInner(columns: number): number {
  return Math.min(MAX_WIDTH, columns - 4) - 4
}

/** Takes the place of the content, so that nothing behind it can be mistaken for part of it. */
export function Modal({ title, contentRows, children }: Props): ReactNode {
  const { columns, contentRows: room } = useLayout()
  const width = Math.min(MAX_WIDTH, columns - 4)
  const height = Math.min(room, contentRows + 2)
  return (
    <Box width={columns} height={room} flexShrink={0} alignItems="center" justifyContent="center" overflow="hidden">
      <Panel title={title} width={width} height={height} isActive isBoxed>
        {children}
      </Panel>
    </Box>
  )
}
