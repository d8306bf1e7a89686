import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Platform } from '../../platform/platform.ts'
import type { DriverContext } from '../driver.ts'
import type { GitRemote } from './git-remote.ts'
import { readSecret } from './secret.ts'

/** One remote repository, how we get in, and our bare copy of it. */
export interface GitSite {
  readonly platform: Platform
  readonly signal: AbortSignal
  /** For one command. */
  readonly timeoutMs: number
  readonly remote: GitRemote
  /** `undefined`: whatever git itself finds (credential helpers, ssh agent). */
  readonly login: GitLogin | undefined
  /** Shared by everybody who reads this remote; it may not exist yet. */
  readonly folder: string
}

interface GitLogin {
  readonly user: string
  readonly secret: string
}

/** @param credentials `git`, or a reference to a secret in the form `user:secret`. @throws CONFIG_INVALID */
export async function openGitSite(
  { platform, signal, timeoutMs, cacheFolder }: DriverContext<unknown>,
  remote: GitRemote,
  credentials: string,
): Promise<GitSite> {
  const login = credentials === 'git' ? undefined : parseLogin(await readSecret(credentials, platform), credentials)
  const key = createHash('sha256').update(remote.url).digest('hex').slice(0, 16)
  return { platform, signal, timeoutMs, remote, login, folder: join(cacheFolder, 'git', key) }
}

function parseLogin(text: string, reference: string): GitLogin {
  const { user, secret } = /^(?<user>[^:\r\n\0]+):(?<secret>[^\r\n\0]+)$/u.exec(text)?.groups ?? {}
  if (user !== undefined && secret !== undefined) return { user, secret }
  throw new BagboyError('CONFIG_INVALID', `The credentials at ${reference} are not of the form user:secret.`, {
    hint: 'For a GitHub token write x-access-token:TOKEN into it.',
  })
}

/** What must not be repeated from a remote's answer. */
export function secretsOf({ login }: GitSite): readonly string[] {
  if (login === undefined) return []
  const pair = `${login.user}:${login.secret}`
  return [login.secret, encodeURIComponent(login.secret), pair, Buffer.from(pair).toString('base64')]
}
