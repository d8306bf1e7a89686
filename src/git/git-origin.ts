import type { Platform } from '../platform/platform.ts'
import type { GitSetting } from './git-environment.ts'
import type { GitLogin } from './git-connection.ts'
import { readProjectGit } from './project-git.ts'

/** How the repository a project stands in reaches its origin. */
export interface GitOrigin {
  /** As it is configured, without a login; may be relative to the project's folder. */
  readonly address: string
  /** Some CI systems write the token of a job into the address. It must not show up in a message. */
  readonly login: GitLogin | undefined
  /** What the repository's own configuration adds to that of the user, as far as it is about getting in. */
  readonly settings: readonly GitSetting[]
}

const TIMEOUT_MS = 20_000
/** About getting in; everything else of a repository's configuration (hooks, filters, `uploadpack`) stays where it is. */
const ABOUT_ACCESS = /^(?:http\.|credential\.|url\..*\.(?:insteadof|pushinsteadof)$|core\.sshcommand$|ssh\.variant$)/iu

/** `undefined` where there is no repository with an origin. Runs nothing that its configuration names. */
export async function readOrigin(
  platform: Pick<Platform, 'exec'>,
  root: string,
  signal: AbortSignal,
): Promise<GitOrigin | undefined> {
  const settings = await readRepositorySettings(platform, root, signal)
  const last = (key: string) => settings?.findLast(([name]) => name === key)?.[1]
  const address = last('remote.origin.pushurl') ?? last('remote.origin.url') ?? ''
  if (!settings || address === '') return undefined
  return { ...splitLogin(address), settings: settings.filter(([key]) => ABOUT_ACCESS.test(key)) }
}

/** What `.git/config` says, key by key; `undefined` where there is no repository, or git refuses it as another user's. */
export async function readRepositorySettings(
  platform: Pick<Platform, 'exec'>,
  root: string,
  signal: AbortSignal,
): Promise<readonly GitSetting[] | undefined> {
  const request = { args: ['config', '--local', '--list', '--null'], cwd: root, timeoutMs: TIMEOUT_MS }
  const { exitCode, stdout } = await readProjectGit(platform, request, signal)
  if (exitCode !== 0) return undefined
  return new TextDecoder()
    .decode(stdout)
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry): GitSetting => {
      const end = entry.indexOf('\n')
      return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]
    })
}

function splitLogin(address: string): Pick<GitOrigin, 'address' | 'login'> {
  if (!/^https?:\/\//u.test(address) || !URL.canParse(address)) return { address, login: undefined }
  const url = new URL(address)
  if (url.password === '') return { address, login: undefined }
  const login = { user: decodeURIComponent(url.username), secret: decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  return { address: url.href, login }
}
