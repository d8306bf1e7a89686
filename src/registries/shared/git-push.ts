import { BagboyError } from '../../errors/bagboy-error.ts'
import { untrusted } from '../../domain/display.ts'
import { REMOTE, tryGit } from './git-command.ts'
import { complaintOf, gitError } from './git-errors.ts'
import type { GitHead } from './git-head.ts'
import type { GitSite } from './git-site.ts'

/** `overtaken`: the branch moved since `head` was read, and nothing was written. */
export type PushOutcome = 'pushed' | 'overtaken'

/** Nothing but the one ref, whatever the user's configuration adds to a push. */
const PUSH = ['push', '--porcelain', '--no-signed', '--no-follow-tags', '--recurse-submodules=no'] as const

const OVERTAKEN =
  /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|failed to lock|incorrect old value|reference already exists/iu
const UNFINISHED = /unpacker error|missing necessary objects|unable to|internal|No space|timeout/iu

/**
 * Moves the branch from `head` to a commit on top of it, or does not touch it: the lease makes it a compare-and-swap.
 * @throws REGISTRY_FORBIDDEN when a hook or a rule of the remote declines, REGISTRY_*
 */
export async function pushCommit(site: GitSite, head: GitHead, commit: string): Promise<PushOutcome> {
  const doing = `pushing to ${head.ref}`
  const result = await tryGit(site, {
    doing,
    isWrite: true,
    args: [...PUSH, `--force-with-lease=${head.ref}:${head.commit}`, '--', REMOTE, `${commit}:${head.ref}`],
  })
  if (result.exitCode === 0) return 'pushed'
  const rejection = rejectionOf(Buffer.from(result.stdout).toString())
  if (rejection === undefined) throw gitError(site, doing, result)
  if (OVERTAKEN.test(rejection) || /cannot lock ref/u.test(result.stderr)) return 'overtaken'
  if (UNFINISHED.test(rejection)) throw gitError(site, doing, result)
  throw declined(site, head, rejection, result.stderr)
}

/** The summary of the one ref that was pushed, `!\t<from>:<to>\t[remote rejected] (reason)`: git-push(1). */
function rejectionOf(output: string): string | undefined {
  const line = output.split('\n').find((text) => text.startsWith('!'))
  return line?.split('\t')[2]
}

function declined(site: GitSite, { ref }: GitHead, rejection: string, stderr: string): BagboyError {
  const reason = untrusted(/\((.*)\)/su.exec(rejection)?.[1] ?? rejection, 200)
  const remote = stderr.split('\n').filter((line) => line.startsWith('remote:'))
  const said = complaintOf(site, remote.join('\n'))
  const branch = ref.replace('refs/heads/', '')
  return new BagboyError(
    'REGISTRY_FORBIDDEN',
    `${untrusted(site.remote.shown, 200)} declined the push to ${branch}: ${reason}${said === '' ? '' : `; it says: ${said}`}`,
    {
      hint: `Let this account push to ${branch}, or make the same change by a pull request (the step shows how by hand).`,
    },
  )
}
