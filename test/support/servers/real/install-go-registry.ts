import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, runClient } from '../../processes/run-client.ts'

const SOURCE = join(import.meta.dirname, '../../../servers/go-containerregistry')
const FOLDER = join(import.meta.dirname, '../../../../node_modules/.go-containerregistry')
const PACKAGE = 'github.com/google/go-containerregistry/cmd/registry'
const TIMEOUT_MS = 280_000

/**
 * Builds the registry of go-containerregistry from the versions of its own go.sum, once. Two test processes may do so at
 * the same time: the program is moved into place whole.
 * @returns the program, or why it cannot be had.
 */
export async function installGoRegistry(): Promise<{ readonly program: string } | { readonly missing: string }> {
  const lock = ['go.mod', 'go.sum'].map((file) => readFileSync(join(SOURCE, file)))
  const hash = createHash('sha256').update(Buffer.concat(lock)).digest('hex').slice(0, 16)
  const program = join(FOLDER, `registry-${hash}`)
  if (existsSync(program)) return { program }
  if (!findProgram('go')) return { missing: 'not installed: go 1.25 or newer, which builds it' }
  mkdirSync(FOLDER, { recursive: true })
  const built = `${program}.${process.pid}`
  const args = ['build', '-mod=readonly', '-trimpath', '-o', built, PACKAGE]
  // No other toolchain is fetched, and nothing is asked of a version control system.
  const env = { GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false', CGO_ENABLED: '0' }
  const result = await runClient('go', args, { cwd: SOURCE, env, timeoutMs: TIMEOUT_MS }).catch((error: unknown) => ({
    exitCode: 1,
    stderr: String(error),
  }))
  if (result.exitCode !== 0) return { missing: `it cannot be built: ${result.stderr.slice(-500)}` }
  renameSync(built, program)
  return { program }
}
