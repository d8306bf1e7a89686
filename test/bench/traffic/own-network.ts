import { spawnSync } from 'node:child_process'

/** Set in the process that runs in a network of its own. */
const MARK = 'BAGBOY_BENCH_ALONE'

/** Whether settings of the network are ours alone. */
export function isAlone(): boolean {
  return process.env[MARK] !== undefined
}

/**
 * Runs this program again in a network of its own, where nobody else listens and settings harm nobody; where the system
 * does not allow that, it goes on where it is.
 */
export function moveToOwnNetwork(): void {
  if (isAlone() || spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status !== 0) return
  const again = [
    '--net',
    'sh',
    '-c',
    'ip link set lo up && exec "$@"',
    'sh',
    process.execPath,
    ...process.argv.slice(1),
  ]
  const { status } = spawnSync('unshare', again, { stdio: 'inherit', env: { ...process.env, [MARK]: '1' } })
  process.exit(status ?? 1)
}
