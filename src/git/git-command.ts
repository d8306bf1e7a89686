import type { ExecResult } from '../platform/platform.ts'
import { gitError } from './git-errors.ts'
import type { GitSite } from './git-site.ts'

export interface GitCommand {
  /** What fails when it fails: "… while reading its branches". */
  readonly doing: string
  readonly args: readonly string[]
  readonly stdin?: string | Uint8Array
  /** Only with it may git ask the remote for objects it does not have; otherwise they are missing. */
  readonly mayFetch?: boolean
  /** Whether the remote may be changed by it. */
  readonly isWrite?: boolean
  /** Default: the site's own. */
  readonly folder?: string
}

/** The remote is known to git under this name, and its address only through the environment: it is on no disk of ours. */
export const REMOTE = 'bagboy'

/** Nothing that runs a program of the remote's choice (`ext::`), whatever the user's configuration allows. */
const PROTOCOLS = 'file:git:http:https:ssh'

/**
 * What people set so that git gets in at all. Their configuration files stay in force for the same reason (credential
 * helpers, `core.sshCommand`, `insteadOf`, proxies); what could run there unasked is switched off by name below.
 */
const KEPT =
  /^(?:GIT_SSH|GIT_SSH_COMMAND|GIT_SSH_VARIANT|GIT_ASKPASS|GIT_CONFIG_GLOBAL|GIT_CONFIG_SYSTEM|GIT_CONFIG_NOSYSTEM|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/u

/** Answers git's question for this remote only; the words come from the environment, not from the command line. */
const HELPER =
  '!f() { if test "$1" = get; then printf "username=%s\\npassword=%s\\n" "$BAGBOY_GIT_USER" "$BAGBOY_GIT_SECRET"; fi; }; f'

/** Runs git to its end and hands out whatever it ended with. @throws REGISTRY_TIMEOUT, REGISTRY_UNREACHABLE */
export async function tryGit(site: GitSite, command: GitCommand): Promise<ExecResult> {
  const { platform, timeoutMs, signal } = site
  const { args, stdin } = command
  const env = environment(site, command)
  return platform.exec({ file: 'git', args, env, timeoutMs, ...(stdin === undefined ? {} : { stdin }) }, signal)
}

/** Output as text in which one character is one byte. @throws REGISTRY_* when git ends with an error */
export async function runGit(site: GitSite, command: GitCommand): Promise<string> {
  const result = await tryGit(site, command)
  if (result.exitCode !== 0) throw gitError(site, command.doing, result)
  return Buffer.from(result.stdout).toString('latin1')
}

function environment(site: GitSite, command: GitCommand): Readonly<Record<string, string>> {
  const kept = Object.entries(site.platform.env).flatMap(([name, value]) =>
    value !== undefined && KEPT.test(name) ? [[name, value] as const] : [],
  )
  return {
    ...Object.fromEntries(kept),
    ...configuration(settings(site, command)),
    ...(site.login === undefined ? {} : { BAGBOY_GIT_USER: site.login.user, BAGBOY_GIT_SECRET: site.login.secret }),
    GIT_DIR: command.folder ?? site.folder,
    ...(site.objects === undefined
      ? {}
      : {
          GIT_OBJECT_DIRECTORY: site.objects.folder,
          GIT_ALTERNATE_OBJECT_DIRECTORIES: site.objects.borrowedFrom,
        }),
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    LC_ALL: 'C',
  }
}

function settings(
  { remote, login }: GitSite,
  { mayFetch, isWrite }: GitCommand,
): readonly (readonly [string, string])[] {
  return [
    [`remote.${REMOTE}.url`, remote.url],
    // Hooks the user has for every repository are not meant for this one, and would run without being asked.
    ['core.hooksPath', '/dev/null'],
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
    ...(login === undefined || remote.kind !== 'http'
      ? []
      : ([
          [`credential.${new URL(remote.url).origin}.helper`, ''],
          [`credential.${new URL(remote.url).origin}.helper`, HELPER],
        ] as const)),
  ]
}

/** git-config(1), GIT_CONFIG_COUNT: since git 2.31. */
function configuration(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const pairs = entries.flatMap(([key, value], place) => [
    [`GIT_CONFIG_KEY_${place}`, key],
    [`GIT_CONFIG_VALUE_${place}`, value],
  ])
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(entries.length) }
}
