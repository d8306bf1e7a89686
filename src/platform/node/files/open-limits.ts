import { readFileSync } from 'node:fs'

/** Where the system does not say it; Node raises its own limit as far as it may. */
const USUAL_LIMIT = 1024
/** Node itself, 16 files that are read at a time, names that are looked up. */
const KEPT_BACK = 48
/** What a program holds open while it runs: its input and its output. */
const FILES_OF_PROGRAM = 3
/** With fewer files than this, a connection that nothing uses is not kept for the next request. */
const ENOUGH_TO_KEEP = 512

export interface OpenLimits {
  readonly sockets: number
  readonly programs: number
  readonly keepsConnections: boolean
}

/** How much a process may have open that may open so many files; some containers grant 64. Pure. */
export function openLimits(fileLimit: number): OpenLimits {
  const programs = clamp(Math.floor((fileLimit - KEPT_BACK) / 8), 3, 64)
  return {
    programs,
    sockets: clamp(fileLimit - KEPT_BACK - FILES_OF_PROGRAM * programs, 4, 512),
    keepsConnections: fileLimit >= ENOUGH_TO_KEEP,
  }
}

/** How many files this process may open. */
export function readFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+|unlimited)/mu.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === 'unlimited' ? Infinity : Number(soft ?? USUAL_LIMIT)
  } catch {
    return USUAL_LIMIT
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
