import { existsSync, readFileSync } from 'node:fs'

/** Whether a process still runs: one that has ended and that nothing has waited for does not. Linux. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}
