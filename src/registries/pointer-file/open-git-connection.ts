import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { GitRemote } from '../../git/git-remote.ts'
import type { GitLogin, GitConnection } from '../../git/git-connection.ts'
import type { DriverContext } from '../driver.ts'
import { openCacheFolder } from '../../platform/cache-folder.ts'
import { refuseClearText } from '../../http-api/refuse-clear-text.ts'
import { readSecret } from '../../platform/secret.ts'

/**
 * A remote with our bare copy of it, which all readers of this remote share.
 * @param credentials `git`, or a reference to a secret in the form `user:secret`.
 * @throws CONFIG_INVALID
 */
export async function openGitConnection(
  { platform, signal, timeoutMs, cacheFolder, fence }: DriverContext<unknown>,
  remote: GitRemote,
  credentials: string,
): Promise<GitConnection> {
  const login =
    credentials === 'git' || !platform.trust.isGiven()
      ? undefined
      : parseLogin(await readSecret(credentials, platform), credentials)
  if (login && remote.kind === 'http') refuseClearText('git', remote.url)
  const key = createHash('sha256').update(remote.url).digest('hex').slice(0, 16)
  const folder = join(await openCacheFolder(platform, cacheFolder), 'git', key)
  return { platform, signal, timeoutMs, remote, login, folder, fence }
}

function parseLogin(text: string, reference: string): GitLogin {
  const { user, secret } = /^(?<user>[^:\r\n\0]+):(?<secret>[^\r\n\0]+)$/u.exec(text)?.groups ?? {}
  if (user !== undefined && secret !== undefined) return { user, secret }
  throw new BagboyError('CONFIG_INVALID', `The credentials at ${reference} are not of the form user:secret.`, {
    hint: 'For a GitHub token write x-access-token:TOKEN into it.',
  })
}
