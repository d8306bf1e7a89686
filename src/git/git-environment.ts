import type { Platform } from '../platform/platform.ts'

/** A key of git's configuration with its value. */
export type GitSetting = readonly [key: string, value: string]

/** Git asks nothing on the terminal, replaces nothing, and speaks English. */
export const FIXED_ENVIRONMENT: Readonly<Record<string, string>> = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
}

/** What is not there is missing; since git 2.45. */
export const NO_LAZY_FETCH: Readonly<Record<string, string>> = { GIT_NO_LAZY_FETCH: '1' }

/** Programs that git starts unasked, for every repository: hooks and the file-system monitor. */
export const NO_PROGRAMS: readonly GitSetting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  // A folder that looks like a repository is none until it is named.
  ['safe.bareRepository', 'explicit'],
]

/** Output that is parsed stays plain, regardless of the user's settings. */
export const PLAIN_OUTPUT: readonly GitSetting[] = ['color.ui', 'color.push', 'color.transport', 'color.remote'].map(
  (key) => [key, 'false'],
)

/** Takes back what the configuration of the system may say about logins. */
export const ANONYMOUS_SETTINGS: readonly GitSetting[] = [
  ['credential.helper', ''],
  ['core.askPass', ''],
  ['http.extraHeader', ''],
  ['http.emptyAuth', 'false'],
]

/**
 * Set by git for what it starts in a repository (`git rev-parse --local-env-vars`), as when we are called from a hook or an
 * alias; the ways of reading paths, of which only one may be in force; and the configuration, which is handed on with ours.
 */
const OF_ANOTHER_COMMAND =
  /^GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|CONFIG|CONFIG_COUNT|CONFIG_(?:KEY|VALUE)_\d+|CONFIG_PARAMETERS|DIR|GRAFT_FILE|IMPLICIT_WORK_TREE|INDEX_FILE|NAMESPACE|OBJECT_DIRECTORY|PREFIX|QUARANTINE_PATH|REPLACE_REF_BASE|SHALLOW_FILE|WORK_TREE|(?:GLOB|NOGLOB|ICASE)_PATHSPECS)$/u
const ANONYMOUS = /^(?:GIT_CONFIG_SYSTEM|GIT_CONFIG_NOSYSTEM|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/u
/** Where nothing is: neither a configuration nor a `.netrc`. */
const NO_HOME = '/dev/null'

type Env = Platform['env']

/**
 * The user's environment as it is: credential helpers, askpass programs, `gh`, ssh agents, proxies and certificates find
 * in it what they find when the user runs git. Without the variables that belong to another repository or command.
 */
export function usersGit(env: Env): Readonly<Record<string, string | null>> {
  const others = Object.keys(env).filter((name) => OF_ANOTHER_COMMAND.test(name))
  // Without GPG_TTY a program that asks for a passphrase cannot draw over our screen; one with a window still can ask.
  return { ...pick(env, /^/u), ...Object.fromEntries([...others, 'GPG_TTY'].map((name) => [name, null])) }
}

/** Of the user nothing but certificates: no configuration, no `.netrc`, no ssh agent. */
export function anonymousGit(env: Env): Readonly<Record<string, string>> {
  const nothing = { HOME: NO_HOME, XDG_CONFIG_HOME: NO_HOME, GIT_CONFIG_GLOBAL: NO_HOME, SSH_AUTH_SOCK: '' }
  return { ...pick(env, ANONYMOUS), ...nothing }
}

/** What the environment itself says, in `GIT_CONFIG_COUNT` as build machines give a login, and from `git -c`. */
export function usersSettings(env: Env): readonly GitSetting[] {
  return [...countedSettings(env), ...parseParameters(env['GIT_CONFIG_PARAMETERS'] ?? '')]
}

function countedSettings(env: Env): readonly GitSetting[] {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0)
  if (!Number.isInteger(count) || count < 0 || count > 1000) return []
  return Array.from({ length: count }, (_, index): GitSetting | undefined => {
    const [key, value] = [env[`GIT_CONFIG_KEY_${index}`], env[`GIT_CONFIG_VALUE_${index}`]]
    return key === undefined || value === undefined ? undefined : [key, value]
  }).filter((setting) => setting !== undefined)
}

/**
 * `'key'='value'`, or `'key=value'` before git 2.31, each quoted for a shell, with a space between: what `git -c` hands
 * on to the commands it starts, among them an alias that starts us.
 */
function parseParameters(text: string): readonly GitSetting[] {
  const words = [...text.matchAll(/(?:'[^']*'|\\[^]|[^\s'\\])+/gu)].map(([word]) => word)
  return words.map((word): GitSetting => {
    const parts = [...word.matchAll(/'([^']*)'|\\([^])|([^'\\])/gu)].map(([, quoted, escaped, bare]) => ({
      text: quoted ?? escaped ?? bare ?? '',
      isBare: bare !== undefined,
    }))
    const textOf = (some: typeof parts) => some.map((part) => part.text).join('')
    const end = parts.findIndex((part) => part.isBare && part.text === '=')
    if (end >= 0) return [textOf(parts.slice(0, end)), textOf(parts.slice(end + 1))]
    const [key = '', ...value] = textOf(parts).split('=')
    return [key, value.length === 0 ? 'true' : value.join('=')]
  })
}

/** Values of the user's settings that are secrets: a header with a login, the password in an address. */
export function secretsInSettings(settings: readonly GitSetting[]): readonly string[] {
  return settings.flatMap(([key, value]) => {
    const header = /extraheader$/iu.test(key) ? value.replace(/^[\w-]+:\s*/u, '').split(/\s+/u) : []
    return [
      ...header,
      passwordIn(key.replace(/^url\./iu, '').replace(/\.(?:push)?insteadof$/iu, '')),
      passwordIn(value),
    ]
  })
}

function passwordIn(address: string): string {
  if (!/^https?:\/\//u.test(address) || !URL.canParse(address)) return ''
  const { password, username } = new URL(address)
  return decodeURIComponent(password === '' ? username : password)
}

/** git-config(1), GIT_CONFIG_COUNT: since git 2.31. The last of several values wins. */
export function configuration(settings: readonly GitSetting[]): Readonly<Record<string, string>> {
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(settings.length) }
}

function pick(env: Env, names: RegExp): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && names.test(name) ? [[name, value] as const] : [],
    ),
  )
}
