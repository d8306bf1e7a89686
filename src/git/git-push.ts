import { BagboyError } from '../errors/bagboy-error.ts'
import { untrusted } from '../domain/text/display.ts'
import { pushRef } from './push-ref.ts'
import type { GitSite } from './git-site.ts'
import type { GitHead } from './git-head.ts'

/** `overtaken`: the branch moved since `head` was read, and nothing was written. */
export type PushOutcome = 'pushed' | 'overtaken'

/**
 * Moves the branch from `head` to a commit on top of it, or does not touch it.
 * @throws REGISTRY_FORBIDDEN when a hook or a rule of the remote declines, REGISTRY_*
 */
export async function pushCommit(site: GitSite, head: GitHead, commit: string): Promise<PushOutcome> {
  const outcome = await pushRef(site, { ref: head.ref, from: head.commit, to: commit })
  if (outcome.kind !== 'declined') return outcome.kind
  const { reason, said } = outcome
  const branch = head.ref.replace('refs/heads/', '')
  throw new BagboyError(
    'REGISTRY_FORBIDDEN',
    `${untrusted(site.remote.shown, 200)} declined the push to ${branch}: ${reason}${said === '' ? '' : `; it says: ${said}`}`,
    {
      hint: `Let this account push to ${branch}, or make the same change by a pull request (the step shows how by hand).`,
    },
  )
}
