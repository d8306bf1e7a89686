import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runClient } from '../run-client.ts'

const FOLDER = join(import.meta.dirname, '../../servers/verdaccio')
const SCRATCH = join(import.meta.dirname, '../../../node_modules/.verdaccio-')
const STAMP = 'node_modules/.bagboy-lock'

/**
 * Installs verdaccio from its own lockfile, once. Two test processes may do so at the same time: each works in a
 * folder of its own, and the first rename counts.
 * @returns the program, or why it cannot be had.
 */
export async function installVerdaccio(): Promise<{ readonly program: string } | { readonly missing: string }> {
  const program = join(FOLDER, 'node_modules/verdaccio/bin/verdaccio')
  const lock = createHash('sha256')
    .update(readFileSync(join(FOLDER, 'package-lock.json')))
    .digest('hex')
  if (isInstalled(lock)) return { program }
  const scratch = mkdtempSync(SCRATCH)
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(FOLDER, file), join(scratch, file))
    const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const result = await runClient('npm', ['ci', ...npmFlags], { cwd: scratch, timeoutMs: 240_000 })
    if (result.exitCode !== 0) return { missing: `verdaccio cannot be installed: ${result.stderr.slice(-500)}` }
    writeFileSync(join(scratch, STAMP), lock)
    if (!isInstalled(lock)) {
      rmSync(join(FOLDER, 'node_modules'), { recursive: true, force: true })
      renameSync(join(scratch, 'node_modules'), join(FOLDER, 'node_modules'))
    }
    return { program }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function isInstalled(lock: string): boolean {
  const stamp = join(FOLDER, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
}
