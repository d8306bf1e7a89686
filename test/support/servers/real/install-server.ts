import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runClient } from '../../processes/run-client.ts'

const SERVERS = join(import.meta.dirname, '../../../servers')
const SCRATCH = join(import.meta.dirname, '../../../../node_modules')
const STAMP = 'node_modules/.bagboy-lock'

/**
 * Installs a server of `test/servers` from its own lockfile, once. Two test processes may do so at the same time: each works in a
 * folder of its own, and the first rename counts.
 * @returns the program, or why it cannot be had.
 */
export async function installServer(
  name: string,
): Promise<{ readonly program: string } | { readonly missing: string }> {
  const folder = join(SERVERS, name)
  const program = join(folder, 'node_modules', name, 'bin', name)
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (isInstalled(folder, lock)) return { program }
  const scratch = mkdtempSync(join(SCRATCH, `.${name}-`))
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(folder, file), join(scratch, file))
    const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const result = await runClient('npm', ['ci', ...npmFlags], { cwd: scratch, timeoutMs: 240_000 })
    if (result.exitCode !== 0) return { missing: `${name} cannot be installed: ${result.stderr.slice(-500)}` }
    writeFileSync(join(scratch, STAMP), lock)
    if (!isInstalled(folder, lock)) {
      rmSync(join(folder, 'node_modules'), { recursive: true, force: true })
      renameSync(join(scratch, 'node_modules'), join(folder, 'node_modules'))
    }
    return { program }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function isInstalled(folder: string, lock: string): boolean {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
}
