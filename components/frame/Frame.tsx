import { Box, Text } from 'ink'
import type { ReactNode } from 'react'
import { headerLine, keysLine, breadcrumbLine } from './frame-lines.ts'
import { statusLines } from './status-lines.ts'
import { Spinner } from '../primitives/Spinner.tsx'
import { Lines, TextLine } from '../primitives/TextLine.tsx'
import { LayoutContext, useApp, useLayout, useTheme } from '../store-context.ts'

/** The same five parts on every screen: header, breadcrumb, content, status, keys. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const layout = useLayout()
  const theme = useTheme()
  const state = useApp((one) => one)
  const { columns, rows } = layout
  const status = state.busy ? [] : statusLines(state, columns)
  const statusRows = Math.max(1, status.length)
  const inner = { ...layout, contentRows: layout.contentRows - (statusRows - 1) }
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <TextLine line={headerLine(state, layout, theme)} width={columns} />
      <TextLine line={breadcrumbLine(state, layout, theme)} width={columns} />
      <LayoutContext value={inner}>
        <Box flexDirection="column" width={columns} height={inner.contentRows} flexShrink={0} overflow="hidden">
          {children}
        </Box>
      </LayoutContext>
      {state.busy ? <BusyLine /> : <Lines lines={status} width={columns} />}
      <TextLine line={keysLine(state, layout, theme)} width={columns} />
    </Box>
  )
}

function BusyLine(): ReactNode {
  const theme = useTheme()
  const busy = useApp(({ busy }) => busy)
  return (
    <Box height={1} flexShrink={0}>
      <Text> </Text>
      <Spinner />
      <Text wrap="truncate">
        {` ${busy?.label ?? ''} `}
        <Text {...theme.styles.dim}>{busy?.canCancel === true ? '  esc stops waiting' : ''}</Text>
      </Text>
    </Box>
  )
}
