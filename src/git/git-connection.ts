import type { Fence, Platform } from '../platform/platform.ts'
import type { GitSetting } from './git-environment.ts'
import type { GitRemote } from './git-remote.ts'

/** One remote repository, how we get in, and the local repository our commands run in. */
export interface GitConnection {
  readonly platform: Platform
  readonly signal: AbortSignal
  /** For one command. */
  readonly timeoutMs: number
  readonly remote: GitRemote
  /** `undefined`: the logins that git itself finds (credential helpers, ssh agent). */
  readonly login: GitLogin | undefined
  /** It may not exist yet. */
  readonly folder: string
  /** Of the user's, beside those of their own configuration files; not used without trust. */
  readonly settings?: readonly GitSetting[]
  /** Asked right before a push, which is a compare-and-swap by itself. */
  readonly fence?: Fence | undefined
}

export interface GitLogin {
  readonly user: string
  readonly secret: string
}

/** What must not be repeated from a remote's answer. */
export function secretsOf({ login }: GitConnection): readonly string[] {
  if (login === undefined) return []
  const pair = `${login.user}:${login.secret}`
  return [login.secret, pair]
}
