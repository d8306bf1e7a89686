// Installs what a fresh clone lacks, then builds when asked. Plain JavaScript without dependencies:
// it is the one file that must also run on an older Node, before the project's own Node 24 is there.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'

const stamp = 'node_modules/.bagboy-lock'
const lockHash = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] })
  if (error) console.error(`setup: ${command} could not be started: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
if (installed !== lockHash) {
  console.error('setup: installing dependencies (npm ci)')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(stamp, lockHash)
}

if (process.argv.includes('--build')) {
  const node = 'node_modules/.bin/node'
  run(existsSync(node) && statSync(node).isFile() ? node : 'node', ['bin/build.mjs', '--if-stale'])
}
