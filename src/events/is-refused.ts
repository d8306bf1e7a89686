import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'

/** Answers that say that the request was understood and not carried out: 401, 403, 404, 409 and other 4xx. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REGISTRY_UNAUTHORIZED',
  'REGISTRY_FORBIDDEN',
  'REGISTRY_NOT_FOUND',
  'REGISTRY_CONFLICT',
  'REGISTRY_REJECTED',
])

/** Whether an error says that the request had no effect. No answer at all says nothing. Pure. */
export function isRefused({ code, details }: ErrorReport): boolean {
  if (REFUSALS.has(code)) return true
  // Held up in front of the lock: without `wasSent` nothing left this process.
  return code === 'LOCK_UNSURE' && !(details !== null && typeof details === 'object' && 'wasSent' in details)
}
