import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { GitConnection } from '../git/git-connection.ts'

/** What may be different the next time. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'REGISTRY_UNREACHABLE',
  'REGISTRY_TIMEOUT',
  'REGISTRY_BROKEN',
  'REGISTRY_RATE_LIMITED',
])
/** Between the tries of one operation, ms. */
const WAITS_MS = [200, 1000]

/** Asks the remote of a lock again when it is away for a moment. @throws LOCK_UNREACHABLE */
export async function persist<T>(connection: GitConnection, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof BagboyError) || !error.code.startsWith('REGISTRY_')) throw error
      const waitMs = PASSING.has(error.code) ? WAITS_MS[attempt] : undefined
      if (waitMs === undefined) throw unreachable(connection, error)
      await connection.platform.clock.sleep(waitMs * (0.5 + connection.platform.random.next()), connection.signal)
    }
  }
}

function unreachable({ remote }: GitConnection, cause: BagboyError): BagboyError {
  return new BagboyError(
    'LOCK_UNREACHABLE',
    `the lock on ${sanitize(remote.shown, 200)} cannot be used: ${cause.message}`,
    {
      hint: `${cause.hint ?? ''} When that remote is down and no other machine works on this project: set lock.backend to file.`.trim(),
      cause,
    },
  )
}
