import { sanitize } from '../domain/text/sanitize.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { ExecResult } from '../platform/platform.ts'
import {
  ANONYMOUS_SETTINGS,
  anonymousGit,
  configuration,
  FIXED_ENVIRONMENT,
  NO_LAZY_FETCH,
  NO_PROGRAMS,
  PLAIN_OUTPUT,
  secretsInSettings,
  usersGit,
  usersSettings,
} from './git-environment.ts'
import { gitError } from './git-errors.ts'
import { secretsOf, type GitConnection } from './git-connection.ts'

export interface GitCommand {
  /** What fails when it fails: "… while reading its branches". */
  readonly doing: string
  readonly args: readonly string[]
  readonly stdin?: string | Uint8Array
  /** Only with it may git ask the remote for objects it does not have; otherwise they are missing. */
  readonly mayFetch?: boolean
  /** Whether the remote may be changed by it. */
  readonly isWrite?: boolean
  /** Beside the user's own. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: the site's own. */
  readonly folder?: string
}

/** The remote is known to git under this name, and its address only through the environment: it is on no disk of ours. */
export const REMOTE = 'bagboy'

/** Nothing that runs a program of the remote's choice (`ext::`), regardless of the user's configuration. */
const PROTOCOLS = 'file:git:http:https:ssh'
/** ssh always logs in. */
const ANONYMOUS_PROTOCOLS = 'file:git:http:https'

/** Answers git's question for this remote only; the words come from the environment, not from the command line. */
const HELPER =
  '!f() { if test "$1" = get; then printf "username=%s\\npassword=%s\\n" "$BAGBOY_GIT_USER" "$BAGBOY_GIT_SECRET"; fi; }; f'

/**
 * Runs git to its end and returns its result, in a repository of our own making: no configuration of a repository that
 * came from elsewhere is read. Without trust git gets nothing of the user's: no configuration, no login.
 * @throws REGISTRY_TIMEOUT, REGISTRY_UNREACHABLE, NOT_TRUSTED where a login cannot be left out
 */
export async function tryGit(connection: GitConnection, command: GitCommand): Promise<ExecResult> {
  const { platform, timeoutMs, signal, remote } = connection
  if (!platform.trust.isGiven() && (remote.kind === 'ssh' || command.isWrite === true)) {
    throw notTrusted(`git was not sent to ${sanitize(remote.shown, 200)}, which takes a login of yours`)
  }
  const isTrusted = platform.trust.isGiven()
  const settings = isTrusted ? [...usersSettings(platform.env), ...(connection.settings ?? [])] : []
  platform.secrets.add(...secretsOf(connection), ...secretsInSettings(settings))
  const { args, stdin } = command
  const inherits = isTrusted ? 'user' : 'listed'
  const env = environment(connection, command)
  const request = { file: 'git', args, env, timeoutMs, inherits, isOwnProgram: true } as const
  return platform.exec({ ...request, ...(stdin === undefined ? {} : { stdin }) }, signal)
}

/** Output as text in which one character is one byte. @throws REGISTRY_* when git ends with an error */
export async function runGit(connection: GitConnection, command: GitCommand): Promise<string> {
  const result = await tryGit(connection, command)
  if (result.exitCode !== 0) throw gitError(connection, command.doing, result)
  return Buffer.from(result.stdout).toString('latin1')
}

function environment(connection: GitConnection, command: GitCommand): Readonly<Record<string, string | null>> {
  const { platform, login } = connection
  const isTrusted = platform.trust.isGiven()
  return {
    ...(isTrusted ? usersGit(platform.env) : anonymousGit(platform.env)),
    ...configuration([
      ...(isTrusted ? usersSettings(platform.env) : ANONYMOUS_SETTINGS),
      ...(isTrusted ? (connection.settings ?? []) : []),
      ...settings(connection, command),
    ]),
    ...(login === undefined || !isTrusted ? {} : { BAGBOY_GIT_USER: login.user, BAGBOY_GIT_SECRET: login.secret }),
    ...command.env,
    ...FIXED_ENVIRONMENT,
    ...(command.mayFetch === true ? {} : NO_LAZY_FETCH),
    GIT_DIR: command.folder ?? connection.folder,
    GIT_ALLOW_PROTOCOL: isTrusted ? protocols(platform.env['GIT_ALLOW_PROTOCOL']) : ANONYMOUS_PROTOCOLS,
    GIT_LITERAL_PATHSPECS: '1',
  }
}

/** Ours, as far as the user allows them. */
function protocols(allowed: string | undefined): string {
  const names = PROTOCOLS.split(':')
  return allowed === undefined ? PROTOCOLS : names.filter((name) => allowed.split(':').includes(name)).join(':')
}

function settings(
  { platform, remote, login }: GitConnection,
  { mayFetch, isWrite }: GitCommand,
): readonly (readonly [string, string])[] {
  return [
    [`remote.${REMOTE}.url`, remote.url],
    ...NO_PROGRAMS,
    ...PLAIN_OUTPUT,
    ['i18n.commitEncoding', 'UTF-8'],
    // Nothing in the background after we have gone; and whole packs, so that a commit never comes without its trees.
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['fetch.unpackLimit', '1'],
    ['fetch.writeCommitGraph', 'false'],
    ['fastimport.unpackLimit', '1'],
    ...(mayFetch === true
      ? ([
          [`remote.${REMOTE}.promisor`, 'true'],
          [`remote.${REMOTE}.partialclonefilter`, 'blob:none'],
        ] as const)
      : []),
    // libcurl sends a request again when a connection it reuses dies: a write must get one that is not reused.
    ...(isWrite === true ? [['http.extraHeader', 'Connection: close'] as const] : []),
    // For this origin alone: a redirect to another host must not carry the secret there.
    ...(login === undefined || remote.kind !== 'http' || !platform.trust.isGiven()
      ? []
      : ([
          [`credential.${new URL(remote.url).origin}.helper`, ''],
          [`credential.${new URL(remote.url).origin}.helper`, HELPER],
        ] as const)),
  ]
}
