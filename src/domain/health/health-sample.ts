/** `unknown`: the probe could not be made. It never counts against the application. */
export type HealthVerdict = 'passing' | 'failing' | 'unknown'

/** One round: a try and its retries. */
export interface HealthSample {
  /** Which check, of which copy of the application: `ready`, `ready@green`. */
  readonly probe: string
  /** When the round began, RFC 3339. */
  readonly at: string
  /** When it ended, on the monotonic clock. */
  readonly atMs: number
  /** After its planned time. */
  readonly lateMs: number
  readonly verdict: HealthVerdict
  /** Of the try that decided. */
  readonly latencyMs: number
  /** How long the application may take; a round that failed counts as at least that slow. */
  readonly timeoutMs: number
  readonly attempts: number
  /** In a few words: `503`, `connection refused`. Foreign text. */
  readonly detail: string
  /** The request and the answer, unchanged. Foreign text. */
  readonly evidence: string
}

/** How long the caller of a round waited: a round that failed had no good answer within its time. Pure. */
export function countedLatencyMs({ verdict, latencyMs, timeoutMs }: HealthSample): number {
  return verdict === 'failing' ? Math.max(latencyMs, timeoutMs) : latencyMs
}
