import type { ErrorReport } from '../../../errors/bagboy-error.ts'
import type { ErrorCode } from '../../../errors/codes.ts'
import type { Stamped } from '../../../events/events.ts'
import type { Clock } from '../../../platform/platform.ts'

/**
 * Writes that were given up without an answer. Each may still arrive, until the longest age of a request of ours;
 * before that the state is unknown.
 */
export interface LateRequests {
  /** A write was given up just now. */
  expect(): void
  /** A write went out although another owner may have been let in by then. */
  sentLate(title: string): void
  /** Their titles. */
  readonly late: readonly string[]
  /** How long until none can arrive any more; 0 when every write was answered. */
  remainingMs(): number
}

export interface LateRequestsParts {
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>
  /** For one request: it lives no longer behind our back than we would have waited for it. */
  readonly requestTimeoutMs: number
  /** What the journal of a run that is taken up again holds. */
  readonly past: readonly Stamped[]
}

/** An answer with one of these does not say whether the registry has the request, or will have it. */
const SILENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REGISTRY_UNREACHABLE',
  'REGISTRY_TIMEOUT',
  'REGISTRY_BROKEN',
])

export function isUnanswered({ code }: ErrorReport): boolean {
  return SILENT.has(code)
}

export function createLateRequests({ clock, requestTimeoutMs, past }: LateRequestsParts): LateRequests {
  let untilMs = clock.elapsedMs() + pastRemainingMs(past, Date.parse(clock.now()), requestTimeoutMs)
  const late: string[] = []
  return {
    late,
    sentLate: (title) => void late.push(title),
    expect: () => void (untilMs = clock.elapsedMs() + requestTimeoutMs),
    remainingMs: () => Math.max(0, Math.ceil(untilMs - clock.elapsedMs())),
  }
}

/**
 * Of processes that are gone only the wall clock tells when. However it was set meanwhile, nothing of theirs arrives
 * later than twice the time of a request from now: once to be given up, once behind their back. Pure.
 */
function pastRemainingMs(past: readonly Stamped[], nowMs: number, requestTimeoutMs: number): number {
  const sent = new Map<string, number>()
  let lastMs = Number.NEGATIVE_INFINITY
  for (const event of past) {
    const atMs = Date.parse(event.at)
    if (event.type === 'step.progress' && event.status === 'executing') sent.set(event.step, atMs)
    if (event.type !== 'step.answered') continue
    sent.delete(event.step)
    if (event.error && isUnanswered(event.error)) lastMs = Math.max(lastMs, atMs + requestTimeoutMs)
  }
  const endMs = Math.max(lastMs, ...[...sent.values()].map((atMs) => atMs + 2 * requestTimeoutMs))
  return Math.min(Math.max(0, endMs - nowMs), 2 * requestTimeoutMs)
}
