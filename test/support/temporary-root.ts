import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * All temporary folders of a test run stand in one, which goes at its end: workers are ended without a chance to clean
 * up after themselves. Runs once, before the workers start; they inherit the variable.
 */
export default function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), 'bagboy-test-'))
  process.env['BAGBOY_TEST_ROOT'] = root
  return () => rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}
