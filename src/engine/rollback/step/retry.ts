import type { Config } from '../../../config/config.ts'
import type { ErrorReport } from '../../../errors/bagboy-error.ts'
import type { ErrorCode } from '../../../errors/codes.ts'
import type { Random } from '../../../platform/platform.ts'

export type RetryRules = Config['rollback']['retry']

/** Worth another try: the registry may answer differently. Refused credentials and refused input never are. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REGISTRY_UNREACHABLE',
  'REGISTRY_TIMEOUT',
  'REGISTRY_BROKEN',
  'REGISTRY_RATE_LIMITED',
  'REGISTRY_CONFLICT',
  'LOCK_UNSURE',
])

export function isRetryable(error: ErrorReport): boolean {
  return RETRYABLE.has(error.code)
}

/** Exponential with full jitter on the upper half; never earlier than the registry's own Retry-After. */
export function retryDelayMs(attempt: number, error: ErrorReport, rules: RetryRules, random: Random): number {
  const ceilingMs = Math.min(rules.maxBackoffMs, rules.backoffMs * 2 ** (attempt - 1))
  const backoffMs = rules.jitter ? ceilingMs * (0.5 + random.next() / 2) : ceilingMs
  return Math.round(Math.max(backoffMs, retryAfterMs(error)))
}

/** What the registry asked for; 0 when it asked for nothing. */
export function retryAfterMs({ details }: ErrorReport): number {
  const isRecord = details !== null && typeof details === 'object' && !Array.isArray(details)
  const value = isRecord && 'retryAfterMs' in details ? details['retryAfterMs'] : 0
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}
