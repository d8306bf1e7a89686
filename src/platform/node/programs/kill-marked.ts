import { readdir, readFile } from 'node:fs/promises'
import { codeOf } from '../error-code.ts'

/**
 * Kills every process whose environment holds `mark` (`NAME=value`): a process that called setsid is in no group of
 * ours, but carries its environment. Linux only; elsewhere such processes survive.
 */
export async function killMarked(mark: string): Promise<void> {
  if (process.platform !== 'linux') return
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name)).map(Number)
  await Promise.all(
    pids.map(async (pid) => {
      if (pid !== process.pid && (await readEnvironment(pid)).includes(mark)) kill(pid)
    }),
  )
}

async function readEnvironment(pid: number): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'latin1')).split('\0')
  } catch (error) {
    // It ended meanwhile, or is another user's, and so none of our children.
    if (codeOf(error) !== '') return []
    throw error
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}
