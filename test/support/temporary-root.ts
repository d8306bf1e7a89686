import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let root: string | undefined

/**
 * All temporary folders of a test run stand in one, which goes at its end: workers are ended without a chance to clean
 * up after themselves. Runs before the workers start; they inherit the variable. The first project makes the folder.
 */
export function setup(): void {
  if (process.env['BAGBOY_TEST_ROOT'] !== undefined) return
  root = mkdtempSync(join(tmpdir(), 'bagboy-test-'))
  process.env['BAGBOY_TEST_ROOT'] = root
  // Projects of tests are trusted; those of the tests about trust take the variable away.
  process.env['BAGBOY_TRUST'] = '1'
  // What the program keeps for its user (keys, trust, caches) must not be this user's own.
  for (const kind of ['CONFIG', 'STATE', 'CACHE']) {
    process.env[`XDG_${kind}_HOME`] = join(root, 'user', kind.toLowerCase())
  }
}

export function teardown(): void {
  if (root !== undefined) rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}
