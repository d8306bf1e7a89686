import { BagboyError } from '../errors/bagboy-error.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { pushRef } from './push-ref.ts'
import type { GitConnection } from './git-connection.ts'
import type { GitHead } from './git-head.ts'

/** `overtaken`: the branch moved since `head` was read, and nothing was written. */
export type PushOutcome = 'pushed' | 'overtaken'

/**
 * Moves the branch from `head` to a commit on top of it, or does not touch it.
 * @throws REGISTRY_FORBIDDEN when a hook or a rule of the remote declines, REGISTRY_*
 */
export async function pushCommit(connection: GitConnection, head: GitHead, commit: string): Promise<PushOutcome> {
  const outcome = await pushRef(connection, { ref: head.ref, from: head.commit, to: commit })
  if (outcome.kind !== 'declined') return outcome.kind
  const { reason, said } = outcome
  const branch = head.ref.replace('refs/heads/', '')
  throw new BagboyError(
    'REGISTRY_FORBIDDEN',
    `${sanitize(connection.remote.shown, 200)} declined the push to ${branch}: ${reason}${said === '' ? '' : `; it says: ${said}`}`,
    {
      hint: `Let this account push to ${branch}, or make the same change by a pull request (the step shows how by hand).`,
    },
  )
}
