import type { Clock } from '../platform/platform.ts'

export interface Schedule {
  readonly intervalMs: number
  /** Before the first time. */
  readonly delayMs: number
}

/**
 * Calls `work` at its times until the signal aborts, counted from the beginning, so that no delay adds up. One call at a
 * time: what could not begin because the one before went on is left out, and how late a call is, it is told.
 */
export async function runSchedule(
  { intervalMs, delayMs }: Schedule,
  clock: Clock,
  work: (lateMs: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  // Every wait on one signal makes the next one more expensive: many schedules wait on a signal of their own.
  const over = AbortSignal.any([signal])
  const startMs = clock.elapsedMs() + delayMs
  for (let turn = 0; !signal.aborted;) {
    const plannedMs = startMs + turn * intervalMs
    const waitMs = plannedMs - clock.elapsedMs()
    if (waitMs > 0) await pause(clock, waitMs, over)
    if (signal.aborted) return
    await work(Math.max(0, clock.elapsedMs() - plannedMs))
    turn = Math.max(turn + 1, Math.ceil((clock.elapsedMs() - startMs) / intervalMs))
  }
}

/** Settles early when the signal aborts: the loop looks by itself. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
