import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { createGitTap } from '../../releases/git-tap.ts'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'
import type { GitServer, GitUser } from './git-server.ts'

export interface SshKey {
  readonly file: string
  /** The line of `authorized_keys`. */
  readonly line: string
}

interface Sshd {
  /** `ssh://user@127.0.0.1:port` */
  readonly url: string
  /** For git: an ssh that has this key and knows this server, and reads nothing of its user. */
  env(key: SshKey, knownHosts?: string): Readonly<Record<string, string>>
  close(): Promise<void>
}

interface SshdSettings {
  /** The home of the user who logs in, with `.ssh/authorized_keys` in it. */
  readonly home: string
  /** Lines of `sshd_config`. */
  readonly lines?: readonly string[]
}

/** The empty folder for privilege separation of a server that root starts: without it sshd does not start. */
const EMPTY_FOLDER = '/run/sshd'

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingSshd(): string | undefined {
  if (!findProgram('sshd')) return 'not installed: sshd (apt-get install openssh-server)'
  return /nologin|false/u.test(userInfo().shell ?? '') ? 'the user of the tests has no shell to log in to' : undefined
}

/** An sshd on the loopback address with a host key of its own; the user of the tests logs in, by the keys of `home` alone. */
export async function startSshd({ home, lines = [] }: SshdSettings): Promise<Sshd> {
  const folder = temporaryFolder('sshd')
  const port = await freePort()
  const hostKey = createKey(folder, 'host')
  if (process.geteuid?.() === 0) mkdirSync(EMPTY_FOLDER, { recursive: true, mode: 0o755 })
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${hostKey.file}`,
    'PidFile none',
    `AuthorizedKeysFile ${home}/.ssh/authorized_keys`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin prohibit-password',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitUserRC no',
    `SetEnv HOME=${home} GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1`,
    ...lines,
  ]
  writeFileSync(join(folder, 'sshd_config'), `${settings.join('\n')}\n`)
  const program = findProgram('sshd') ?? 'sshd'
  const server = startChildServer(program, ['-D', '-e', '-f', join(folder, 'sshd_config')], { signal: 'TERM' })
  const host = `127.0.0.1`
  const known = join(folder, 'known_hosts')
  writeFileSync(known, `[${host}]:${port} ${hostKey.line}\n`)
  await server.waitFor(async () => (/listening on/iu.test(server.output()) ? true : undefined))
  return {
    url: `ssh://${userInfo().username}@${host}:${port}`,
    env: (key, knownHosts = known) => ({
      GIT_SSH_COMMAND: [
        `ssh -F /dev/null -i ${key.file}`,
        '-o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes -o StrictHostKeyChecking=yes',
        `-o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=/dev/null`,
      ].join(' '),
    }),
    close: () => server.stop(),
  }
}

export function createKey(folder: string, name: string): SshKey {
  const file = join(folder, name)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file])
  const line = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim()
  return { file, line }
}

/** What GitHub says to a deploy key that may not write. */
const READ_ONLY = `case $SSH_ORIGINAL_COMMAND in
  git-upload-pack*) exec git shell -c "$SSH_ORIGINAL_COMMAND" ;;
esac
echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2
exit 1
`

export interface SshGit extends GitServer {
  /** Has the key, and has never seen the server. */
  readonly newcomer: GitUser
}

/** A plain account with git, as on a host that people keep themselves: no protocol but the oldest, which is Debian's default. */
export async function startSshGit(): Promise<SshGit> {
  const home = temporaryFolder('ssh-home')
  const { folder } = createGitTap(join(home, 'tap.git'))
  const [own, deploy, other] = [createKey(home, 'own'), createKey(home, 'deploy'), createKey(home, 'other')]
  const readOnly = join(home, 'read-only')
  writeFileSync(readOnly, READ_ONLY)
  mkdirSync(join(home, '.ssh'))
  const keys = `restrict ${own.line}\nrestrict,command="sh ${readOnly}" ${deploy.line}\n`
  writeFileSync(join(home, '.ssh/authorized_keys'), keys)
  writeFileSync(join(home, 'empty'), '')
  const server = await startSshd({ home })
  const user = (env: Readonly<Record<string, string>>): GitUser => {
    return { remote: `${server.url}${folder}`, login: undefined, env }
  }
  return {
    folder,
    publisher: user(server.env(own)),
    reader: user(server.env(deploy)),
    stranger: user(server.env(other)),
    newcomer: user(server.env(own, join(home, 'empty'))),
    close: () => server.close(),
  }
}
