import { execFile } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import type { Host } from '../platform.ts'
import { codeOf } from './error-code.ts'

const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/**
 * Linux: everything from /proc. Elsewhere there is no boot id (empty) and the start of a process is what `ps` prints,
 * to the second; where `ps` is missing too it is empty, and a reused process id goes unnoticed.
 */
export function createNodeHost(): Host {
  const bootId = onLinux(() => readFileSync(BOOT_ID, 'utf8').trim())
  const pidSpace = onLinux(() => readlinkSync('/proc/self/ns/pid'))
  return {
    name: hostname(),
    user: readUser(),
    userId: process.geteuid?.() ?? null,
    pid: process.pid,
    bootId,
    pidSpace,
    processStart: process.platform === 'linux' ? readProcessStart : askForProcessStart,
  }
}

function onLinux(read: () => string): string {
  if (process.platform !== 'linux') return ''
  try {
    return read()
  } catch (error) {
    if (codeOf(error) !== '') return ''
    throw error
  }
}

function readUser(): string {
  try {
    return userInfo().username
  } catch (error) {
    // A container may run under a number that has no entry in its passwd file.
    if (process.getuid) return `uid ${process.getuid()}`
    throw error
  }
}

/** proc(5): field 22, in clock ticks since boot; the name (field 2) may hold blanks and parentheses. */
async function readProcessStart(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch((error: unknown) => {
    if (isGone(error)) return undefined
    throw error
  })
  // Mounted with hidepid, /proc does not show what other users run.
  if (line === undefined) return isAlive(pid) ? '' : undefined
  const [state, ...fields] = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const isDead = state === 'Z' || state === 'X'
  return isDead ? undefined : fields[18]
}

function askForProcessStart(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], (error, stdout) => {
      resolve(error ? '' : stdout.trim())
    })
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !isGone(error)
  }
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH'
}
