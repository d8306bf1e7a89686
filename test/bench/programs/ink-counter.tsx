import { Box, render, Text, useInput } from 'ink'
import { useState, type ReactNode } from 'react'

/** A whole screen of 80x24 in which one line changes with every key. */
function Counter(): ReactNode {
  const [count, setCount] = useState(0)
  useInput(() => setCount((before) => before + 1))
  return (
    <Box width={80} height={23}>
      <Text>{count} keys</Text>
    </Box>
  )
}

render(<Counter />, { incrementalRendering: true, maxFps: 60 })
