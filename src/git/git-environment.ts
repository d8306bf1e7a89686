import type { Platform } from '../platform/platform.ts'

/** A key of git's configuration with its value. */
export type GitSetting = readonly [key: string, value: string]

/** Git asks nothing, replaces nothing, and speaks English. */
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

/** Takes back what the configuration of the system may say about logins. */
export const ANONYMOUS_SETTINGS: readonly GitSetting[] = [
  ['credential.helper', ''],
  ['core.askPass', ''],
  ['http.extraHeader', ''],
  ['http.emptyAuth', 'false'],
]

/**
 * What people set so that git gets in at all. Their configuration files stay in force for the same reason (credential
 * helpers, `core.sshCommand`, `insteadOf`, proxies).
 */
const USERS =
  /^(?:GIT_SSH|GIT_SSH_COMMAND|GIT_SSH_VARIANT|GIT_ASKPASS|GIT_CONFIG_GLOBAL|GIT_CONFIG_SYSTEM|GIT_CONFIG_NOSYSTEM|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/u
const ANONYMOUS = /^(?:GIT_CONFIG_SYSTEM|GIT_CONFIG_NOSYSTEM|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/u
/** Where nothing is: neither a configuration nor a `.netrc`. */
const NO_HOME = '/dev/null'

type Env = Platform['env']

export function usersGit(env: Env): Readonly<Record<string, string>> {
  return pick(env, USERS)
}

/** Of the user nothing but certificates: no configuration, no `.netrc`, no ssh agent. */
export function anonymousGit(env: Env): Readonly<Record<string, string>> {
  const nothing = { HOME: NO_HOME, XDG_CONFIG_HOME: NO_HOME, GIT_CONFIG_GLOBAL: NO_HOME, SSH_AUTH_SOCK: '' }
  return { ...pick(env, ANONYMOUS), ...nothing }
}

/** What the environment itself says in `GIT_CONFIG_COUNT`, as build machines give a login. */
export function usersSettings(env: Env): readonly GitSetting[] {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0)
  if (!Number.isInteger(count) || count < 0 || count > 1000) return []
  return Array.from({ length: count }, (_, index): GitSetting | undefined => {
    const [key, value] = [env[`GIT_CONFIG_KEY_${index}`], env[`GIT_CONFIG_VALUE_${index}`]]
    return key === undefined || value === undefined ? undefined : [key, value]
  }).filter((setting) => setting !== undefined)
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
