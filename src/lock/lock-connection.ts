import { withCleanUp } from '../errors/with-clean-up.ts'
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import { persist } from './persist.ts'
import { REMOTE, runGit } from '../git/git-command.ts'
import { parseGitRemote } from '../git/git-remote.ts'
import type { GitConnection } from '../git/git-connection.ts'
import { openCacheFolder } from '../platform/cache-folder.ts'
import type { Platform } from '../platform/platform.ts'
import { readOrigin, type GitOrigin } from '../git/git-origin.ts'

export interface LockConnectionOptions {
  readonly platform: Platform
  /** The project's folder, absolute. */
  readonly root: string
  /** For objects of ours; deleting it changes nothing but speed. */
  readonly cacheFolder: string
  /** A URL or an absolute path; empty: the origin of the project's repository. */
  readonly remote: string
}

/** For one command of git. */
const TIMEOUT_MS = 20_000
const NEVER = new AbortController().signal

/**
 * The remote that keeps the lock, and a repository of ours to reach it from.
 * @throws CONFIG_INVALID when the project has no origin and none is configured
 */
export async function openLockConnection({
  platform,
  root,
  cacheFolder,
  remote: named,
}: LockConnectionOptions): Promise<GitConnection> {
  const origin: GitOrigin =
    named === '' ? await originOf(platform, root) : { address: named, login: undefined, settings: [] }
  const isRelative = /^\.{1,2}\//u.test(origin.address)
  const remote = parseGitRemote(isRelative ? resolve(root, origin.address) : origin.address)
  const key = createHash('sha256').update(remote.url).digest('hex').slice(0, 16)
  const folder = join(await openCacheFolder(platform, cacheFolder), 'git-lock', key)
  const { login, settings } = origin
  const connection = { platform, signal: NEVER, timeoutMs: TIMEOUT_MS, remote, login, settings, folder }
  if ((await platform.files.stat(join(folder, 'HEAD'))) === undefined) await createFolder(connection)
  return connection
}

async function originOf(platform: Platform, root: string): Promise<GitOrigin> {
  const origin = await readOrigin(platform, root, NEVER)
  if (origin) return origin
  throw new BagboyError('CONFIG_INVALID', `lock.backend is git, but ${root} is no git repository with an origin`, {
    hint: 'Name the repository that keeps the lock: deployment.lock.remote: https://git.example.com/team/app.git',
  })
}

/** Made aside and moved to its location as a whole, so that no process reads half of it. */
async function createFolder(connection: GitConnection): Promise<void> {
  const { files, random } = connection.platform
  const made = `${connection.folder}.${random.hex(8)}`
  const init = async (format: string): Promise<unknown> => {
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`]
    return await runGit(connection, { doing: 'making a folder for the lock', args, folder: made })
  }
  const make = async (): Promise<void> => {
    await files.makeFolder(made)
    await init('sha1')
    const args = ['ls-remote', '--', REMOTE, 'HEAD']
    const reading = { doing: 'reading the kind of its names', args, folder: made }
    const head = await persist(connection, () => runGit(connection, reading))
    if (/^[0-9a-f]{64}\t/u.test(head)) {
      await files.remove(made)
      await files.makeFolder(made)
      await init('sha256')
    }
    await files.rename(made, connection.folder)
  }
  await withCleanUp(make, () => files.remove(made)).catch(async (error: unknown) => {
    if ((await files.stat(join(connection.folder, 'HEAD'))) === undefined) throw error
  })
}
