import { BagboyError } from '../../errors/bagboy-error.ts'
import { REMOTE, runGit } from './git-command.ts'
import { untrusted } from '../../domain/display.ts'
import { gitBranch, objectId } from './git-names.ts'
import type { GitSite } from './git-site.ts'

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
export async function readHead(site: GitSite, branch: string | undefined): Promise<GitHead> {
  const wanted = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
  const args = ['ls-remote', '--symref', '--', REMOTE, wanted]
  const answer = Buffer.from(await runGit(site, { doing: 'reading its branches', args }), 'latin1').toString()
  // A pattern also matches longer names that end in it.
  const lines = answer.split('\n').map((line) => line.split('\t'))
  const values = lines.filter(([, name]) => name === wanted).map(([value = '']) => value)
  const commit = values.find((value) => objectId.safeParse(value).success)
  const ref = branch === undefined ? headRef(values) : wanted
  if (commit !== undefined && ref !== undefined) return { ref, commit }
  const shown = untrusted(site.remote.shown, 200)
  throw new BagboyError('REGISTRY_NOT_FOUND', `${shown} has no branch ${branch ?? 'its HEAD points at'}.`, {
    hint: `Set branch: to one of: git ls-remote --heads -- ${shown}`,
  })
}

/** From `ref: refs/heads/main`. */
function headRef(values: readonly string[]): string | undefined {
  const branch = values.map((value) => /^ref: refs\/heads\/(.+)$/u.exec(value)?.[1]).find((name) => name !== undefined)
  return branch !== undefined && gitBranch.safeParse(branch).success ? `refs/heads/${branch}` : undefined
}
