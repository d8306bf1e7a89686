import { tryGit } from './git-command.ts'
import type { GitConnection } from './git-connection.ts'

/** As git writes them into a commit: `Name <mail> 1700000000 +0000`. */
export interface GitIdentities {
  readonly author: string
  readonly committer: string
}

/** Where the user has told git nothing about who they are. */
const OURS = 'bagboy-tui <bagboy-tui@localhost>'

/**
 * Who the user's git says they are (`GIT_AUTHOR_*`, `GIT_COMMITTER_*`, `author.*`, `committer.*`, `user.*`); a name that git
 * would only guess from this machine is not used. Servers may check it.
 */
export async function readIdentities(connection: GitConnection, seconds: number): Promise<GitIdentities> {
  const [author, committer] = await Promise.all([
    readIdentity(connection, 'GIT_AUTHOR_IDENT', seconds),
    readIdentity(connection, 'GIT_COMMITTER_IDENT', seconds),
  ])
  const one = committer ?? `${OURS} ${seconds} +0000`
  return { author: author ?? one, committer: one }
}

async function readIdentity(connection: GitConnection, name: string, seconds: number): Promise<string | undefined> {
  const date = `${seconds} +0000`
  const { exitCode, stdout } = await tryGit(connection, {
    doing: 'reading who commits',
    // `EMAIL` is no guess either, and git takes it for one.
    args: [...(connection.platform.env['EMAIL'] === undefined ? ['-c', 'user.useConfigOnly=true'] : []), 'var', name],
    env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  })
  const identity = Buffer.from(stdout).toString().trim()
  return exitCode === 0 && /^[^\n]* <[^\n<>]*> \d+ \+0000$/u.test(identity) ? identity : undefined
}

/** `commit.gpgSign`, as `git commit` understands it; which key and program follow from `user.signingKey` and `gpg.*`. */
export async function signsCommits(connection: GitConnection): Promise<boolean> {
  const args = ['config', '--type=bool', '--get', 'commit.gpgSign']
  const { exitCode, stdout } = await tryGit(connection, { doing: 'reading its configuration', args })
  return exitCode === 0 && Buffer.from(stdout).toString().trim() === 'true'
}
