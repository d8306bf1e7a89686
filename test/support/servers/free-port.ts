import { randomInt } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** Below what Linux, macOS and Windows hand out for outgoing connections: those never take a port of this range. */
const RANGE = { first: 12_000, last: 32_000 } as const
const root = process.env['BAGBOY_TEST_ROOT']

/**
 * A port of the loopback address that nothing listens on, for servers that must know it before they listen. No two
 * callers of one test run get the same one, so it is also free between the end of a server and its next start.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(RANGE.first, RANGE.last)
  return claims(port) && (await isFree(port)) ? port : freePort()
}

/** Workers of a test run share a folder; outside of a run there is one process only. */
function claims(port: number): boolean {
  if (root === undefined) return true
  mkdirSync(join(root, 'ports'), { recursive: true })
  try {
    mkdirSync(join(root, 'ports', String(port)))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
