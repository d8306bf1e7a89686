import { sanitize } from '../domain/text/sanitize.ts'
import { REMOTE, tryGit } from './git-command.ts'
import { complaintOf, gitError } from './git-errors.ts'
import type { GitConnection } from './git-connection.ts'

interface RefChange {
  /** Full name: `refs/heads/main`. */
  readonly ref: string
  /** The object it points at now; empty when it shall be new. */
  readonly from: string
  readonly to: string
}

/** `overtaken`: it was something else by then, and nothing was written. `declined`: the remote does not allow it. */
export type RefOutcome =
  | { readonly kind: 'pushed' | 'overtaken' }
  | { readonly kind: 'declined'; readonly reason: string; readonly said: string }

/**
 * Nothing but the named refs, regardless of what the user's configuration adds to a push; push options and signatures
 * stay the user's.
 */
const PUSH = ['push', '--porcelain', '--no-follow-tags', '--recurse-submodules=no'] as const

const OVERTAKEN =
  /stale info|fetch first|non-fast-forward|failed to update ref|cannot lock ref|failed to lock|incorrect old value|reference already exists/iu
const UNFINISHED = /unpacker error|missing necessary objects|unable to|internal|No space|timeout/iu

/** Moves a ref of the remote, or does not touch it: the lease makes it a compare-and-swap. @throws REGISTRY_*, LOCK_LOST */
export async function pushRef(connection: GitConnection, { ref, from, to }: RefChange): Promise<RefOutcome> {
  const doing = `pushing to ${ref}`
  const mayGo = await connection.fence?.()
  mayGo?.()
  const result = await tryGit(connection, {
    doing,
    isWrite: true,
    args: [...PUSH, ...receiver(connection), `--force-with-lease=${ref}:${from}`, '--', REMOTE, `${to}:${ref}`],
  })
  if (result.exitCode === 0) return { kind: 'pushed' }
  const rejection = rejectionOf(Buffer.from(result.stdout).toString())
  if (rejection === undefined) throw gitError(connection, doing, result)
  if (OVERTAKEN.test(rejection) || /cannot lock ref/u.test(result.stderr)) return { kind: 'overtaken' }
  if (UNFINISHED.test(rejection)) throw gitError(connection, doing, result)
  const remote = result.stderr.split('\n').filter((line) => line.startsWith('remote:'))
  return {
    kind: 'declined',
    reason: sanitize(inParentheses(rejection), 200),
    said: complaintOf(connection, remote.join('\n')),
  }
}

/** Deletes refs that mean nothing any more, as the same user and by the same rules. `false`: they stay, or some do. */
export async function deleteRefs(connection: GitConnection, refs: readonly string[]): Promise<boolean> {
  const args = [...PUSH, ...receiver(connection), '--', REMOTE, ...refs.map((ref) => `:${ref}`)]
  return (await tryGit(connection, { doing: '', isWrite: true, args })).exitCode === 0
}

/**
 * A folder takes a push by a program on this machine, with the hooks and the configuration of that repository, which may
 * have come along with the project. They are left out until a person has decided.
 */
function receiver({ remote, platform }: GitConnection): readonly string[] {
  if (remote.folder === '' || platform.trust.isChosen()) return []
  return ['--receive-pack=git -c core.hooksPath=/dev/null -c core.alternateRefsCommand=true receive-pack']
}

/** The summary of the one ref that was pushed, `!\t<from>:<to>\t[remote rejected] (reason)`: git-push(1). */
function rejectionOf(output: string): string | undefined {
  const line = output.split('\n').find((text) => text.startsWith('!'))
  return line?.split('\t')[2]
}

function inParentheses(text: string): string {
  const [start, end] = [text.indexOf('('), text.lastIndexOf(')')]
  return start !== -1 && end > start ? text.slice(start + 1, end) : text
}
