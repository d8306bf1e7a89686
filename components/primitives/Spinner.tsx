import { Text } from 'ink'
import InkSpinner from 'ink-spinner'
import type { ReactNode } from 'react'
import { useTheme } from '../store-context.ts'

/** Moves only while something is being waited for; the one file that knows ink-spinner. */
export function Spinner(): ReactNode {
  const theme = useTheme()
  return (
    <Text {...theme.styles.info}>
      <InkSpinner type={theme.isAscii ? 'line' : 'circleHalves'} />
    </Text>
  )
}
