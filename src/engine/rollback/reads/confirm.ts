import { CONFIRMING_READS } from '../../../domain/plan.ts'
import type { ErrorReport } from '../../../errors/bagboy-error.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import { inspectOne, type DriverContextFor, type Inspection } from '../../../planner/inspect-all.ts'
import type { Clock } from '../../../platform/platform.ts'
import type { Snapshot, Subject } from '../../../registries/driver.ts'
import { isRetryable, retryAfterMs } from '../step/retry.ts'

export interface ConfirmRequest {
  readonly subject: Subject
  readonly registry: BoundRegistry
  /** Whether a read says what has to be confirmed. */
  readonly agrees: (snapshot: Snapshot) => boolean
  readonly contextFor: DriverContextFor
  readonly clock: Clock
  readonly settleWindowMs: number
  readonly signal: AbortSignal
  /** After every read that agrees, with their number. */
  readonly onAgreement?: (count: number) => Promise<void>
}

export interface Confirmation {
  readonly isConfirmed: boolean
  readonly readCount: number
  /** The last read, or the first that did not agree. */
  readonly inspection: Inspection
}

/** So many failures in a row are not waited out. */
const MAX_FAILURES = 5

/**
 * Proves what no write of ours stands behind: {@link CONFIRMING_READS} reads in a row, spread over the settle window, have to
 * agree. One read may come from a cache that has not heard yet. The first that does not agree ends it.
 */
export async function confirm(request: ConfirmRequest): Promise<Confirmation> {
  const { clock, settleWindowMs, signal } = request
  let [readCount, failures] = [0, 0]
  for (;;) {
    const inspection = await inspectOne(request.subject, request.registry, request.contextFor, signal)
    const { snapshot, error } = inspection
    if (snapshot && !request.agrees(snapshot)) return { isConfirmed: false, readCount, inspection }
    if (snapshot) {
      readCount += 1
      await request.onAgreement?.(readCount)
      if (readCount >= CONFIRMING_READS) return { isConfirmed: true, readCount, inspection }
    }
    failures = error ? failures + 1 : 0
    if (signal.aborted || isHopeless(error, failures)) return { isConfirmed: false, readCount, inspection }
    await pauseFor(clock, Math.max(readPauseMs(settleWindowMs), error ? retryAfterMs(error) : 0), signal)
  }
}

function isHopeless(error: ErrorReport | null, failures: number): boolean {
  return error !== null && (!isRetryable(error) || failures >= MAX_FAILURES)
}

/** Between two of {@link CONFIRMING_READS} reads, so that together they last for the window. */
export function readPauseMs(settleWindowMs: number): number {
  return Math.ceil(settleWindowMs / (CONFIRMING_READS - 1))
}

/** A pause that ends early, without an error of its own, when the time is over. */
export async function pauseFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0)
    await clock.sleep(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
}
