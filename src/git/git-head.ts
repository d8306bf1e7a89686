import { BagboyError } from '../errors/bagboy-error.ts'
import { REMOTE, runGit } from './git-command.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { gitBranch, objectId } from './git-names.ts'
import type { GitConnection } from './git-connection.ts'

/** What a branch of the remote points at, as the remote says now. */
export interface GitHead {
  /** Full name: `refs/heads/main`. */
  readonly ref: string
  readonly commit: string
}

/**
 * Asks the remote, never our copy. Without `branch`: what its HEAD points at.
 * @throws REGISTRY_NOT_FOUND when there is no such branch, REGISTRY_*
 */
export async function readHead(connection: GitConnection, branch: string | undefined): Promise<GitHead> {
  const wanted = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
  const args = ['ls-remote', '--symref', '--', REMOTE, wanted]
  const answer = Buffer.from(await runGit(connection, { doing: 'reading its branches', args }), 'latin1').toString()
  // A pattern also matches longer names that end in it.
  const lines = answer.split('\n').map((line) => line.split('\t'))
  const values = lines.filter(([, name]) => name === wanted).map(([value = '']) => value)
  const commit = values.find((value) => objectId.safeParse(value).success)
  const ref = branch === undefined ? headRef(values) : wanted
  if (commit !== undefined && ref !== undefined) return { ref, commit }
  throw await noBranch(connection, branch)
}

/** A page in place of a repository reads like one without branches: git takes it for the older, plain protocol. */
async function noBranch(connection: GitConnection, branch: string | undefined): Promise<BagboyError> {
  const shown = sanitize(connection.remote.shown, 200)
  const args = ['ls-remote', '--heads', '--', REMOTE]
  const answer = Buffer.from(await runGit(connection, { doing: 'listing its branches', args }), 'latin1').toString()
  const names = [...answer.matchAll(/\trefs\/heads\/(.+)$/gmu)].map(([, name = '']) => name)
  if (names.length === 0) {
    return new BagboyError('REGISTRY_BROKEN', `${shown} shows no branch at all.`, {
      hint: 'Check that remote: is the address of a git repository, that it is not empty, and that no proxy answers in its place.',
    })
  }
  const wanted = branch === undefined ? 'Its HEAD points at no branch' : `There is no branch ${branch}`
  return new BagboyError('REGISTRY_NOT_FOUND', `${shown}: ${wanted}.`, {
    hint: `Set branch: to one it has: ${sanitize(names.slice(0, 5).join(', '), 200)}.`,
  })
}

/** From `ref: refs/heads/main`. */
function headRef(values: readonly string[]): string | undefined {
  const branch = values.map((value) => /^ref: refs\/heads\/(.+)$/u.exec(value)?.[1]).find((name) => name !== undefined)
  return branch !== undefined && gitBranch.safeParse(branch).success ? `refs/heads/${branch}` : undefined
}
