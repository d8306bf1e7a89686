import type { Clock } from '../../../src/platform/platform.ts'

/**
 * The clock of a process that starts when no request of an interrupted process can arrive any more; else every resume
 * would wait for it.
 */
export function anHourLater(clock: Clock): Clock {
  return { ...clock, now: () => new Date(Date.parse(clock.now()) + 3_600_000).toISOString() }
}
