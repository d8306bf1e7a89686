import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createGitTap } from '../../releases/git-tap.ts'
import { findProgram, GIT_ENVIRONMENT } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import type { GitServer, GitUser } from './git-server.ts'
import { createKey, missingSshd, startSshd } from './sshd.ts'

const USERS = ['publisher', 'reader', 'brancher'] as const

export interface Gitolite extends GitServer {
  /** May write, and not to the branch that the tap is served from. */
  readonly brancher: GitUser
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingGitolite(): string | undefined {
  const missing = 'not installed: gitolite (apt-get install gitolite3)'
  return missingSshd() ?? (findProgram('gitolite') ? undefined : missing)
}

/** gitolite in a home of its own, with three users who may do different things to one tap. */
export async function startGitolite(): Promise<Gitolite> {
  const home = temporaryFolder('gitolite')
  const keys = temporaryFolder('gitolite-keys')
  const gitolite = (...args: readonly string[]) => {
    const env = { ...process.env, ...GIT_ENVIRONMENT, HOME: home, USER: 'git', LC_ALL: 'C' }
    execFileSync('gitolite', args, { env, cwd: home, stdio: 'pipe' })
  }
  const admin = createKey(keys, 'admin')
  gitolite('setup', '-pk', `${admin.file}.pub`)
  const { folder } = createGitTap(join(home, 'repositories/tap.git'))
  mkdirSync(join(folder, 'hooks'))
  const people = USERS.map((name) => [name, createKey(keys, name)] as const)
  const stranger = createKey(keys, 'stranger')
  mkdirSync(join(home, '.gitolite/keydir'), { recursive: true })
  for (const [name, key] of people) writeFileSync(join(home, `.gitolite/keydir/${name}.pub`), `${key.line}\n`)
  const rules = ['repo tap', 'RW = publisher', 'RW wip/ = brancher', 'R = reader brancher']
  appendFileSync(join(home, '.gitolite/conf/gitolite.conf'), `${rules.join('\n')}\n`)
  gitolite('setup')
  const server = await startSshd({ home, lines: ['AcceptEnv GIT_PROTOCOL'] })
  const user = (env: Readonly<Record<string, string>>): GitUser => ({
    remote: `${server.url}/tap`,
    login: undefined,
    env,
  })
  const [publisher, reader, brancher] = people.map(([, key]) => user(server.env(key))) as [GitUser, GitUser, GitUser]
  return { folder, publisher, reader, brancher, stranger: user(server.env(stranger)), close: () => server.close() }
}
