import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = process.env['BAGBOY_TEST_ROOT']
const made: string[] = []

// Outside a test run nothing else cleans up.
if (root === undefined) {
  process.once('exit', () => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true })
  })
}

/** An empty folder that is gone when the test run ends. */
export function temporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(root ?? tmpdir(), `bagboy-test-${purpose}-`))
  made.push(folder)
  return folder
}
