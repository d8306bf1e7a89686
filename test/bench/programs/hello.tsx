import { render, Text } from 'ink'

/** The least that Ink can paint. */
export function showHello(): void {
  render(<Text>hello</Text>)
}
