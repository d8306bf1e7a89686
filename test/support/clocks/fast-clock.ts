import type { Clock } from '../../../src/platform/platform.ts'

const SPEED = 50

/** Waits between two tries pass in a fiftieth of their time; deadlines and heartbeats are as they are. */
export function fastClock(clock: Clock): Clock {
  return {
    ...clock,
    sleep: (ms, signal, options) => clock.sleep(options?.isBackground ? ms : ms / SPEED, signal, options),
  }
}
