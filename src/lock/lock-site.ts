import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { BagboyError } from '../errors/bagboy-error.ts'
import { REMOTE, runGit } from '../git/git-command.ts'
import { parseGitRemote } from '../git/git-remote.ts'
import type { GitLogin, GitSite } from '../git/git-site.ts'
import type { Platform } from '../platform/platform.ts'

export interface LockSiteOptions {
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

/** The remote that keeps the lock. @throws CONFIG_INVALID when the project has no origin and none is configured */
export async function openLockSite(options: LockSiteOptions): Promise<GitSite> {
  return options.remote === '' ? await siteOfOrigin(options) : await siteOfRemote(options)
}

/**
 * The project's own repository already knows how to get in (its configuration, helpers, headers a CI job has set), so
 * the commands run in it. Nothing is written into it: objects go into a folder of ours.
 */
async function siteOfOrigin({ platform, root, cacheFolder }: LockSiteOptions): Promise<GitSite> {
  const ask = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout } = await platform.exec({ file: 'git', args, cwd: root, timeoutMs: TIMEOUT_MS }, NEVER)
    return exitCode === 0 ? new TextDecoder().decode(stdout).trim() : ''
  }
  const address =
    (await ask('config', '--get', 'remote.origin.pushurl')) || (await ask('config', '--get', 'remote.origin.url'))
  const folder = await ask('rev-parse', '--absolute-git-dir')
  if (address === '' || folder === '') {
    throw new BagboyError('CONFIG_INVALID', `lock.backend is git, but ${root} is no git repository with an origin`, {
      hint: 'Name the repository that keeps the lock: deployment.lock.remote: https://git.example.com/team/app.git',
    })
  }
  const { url, login } = splitLogin(/^\.{1,2}\//u.test(address) ? resolve(root, address) : address)
  const objects = join(cacheFolder, 'git-lock', 'objects')
  await platform.files.makeFolder(objects)
  const borrowedFrom = resolve(root, await ask('rev-parse', '--git-path', 'objects'))
  const remote = parseGitRemote(url)
  const timing = { signal: NEVER, timeoutMs: TIMEOUT_MS }
  return { platform, ...timing, remote, login, folder, objects: { folder: objects, borrowedFrom } }
}

/** Some CI systems write the token of a job into the address. It must not show up in a message. */
function splitLogin(address: string): { readonly url: string; readonly login: GitLogin | undefined } {
  if (!/^https?:\/\//u.test(address) || !URL.canParse(address)) return { url: address, login: undefined }
  const url = new URL(address)
  if (url.password === '') return { url: address, login: undefined }
  const login = { user: decodeURIComponent(url.username), secret: decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  return { url: url.href, login }
}

async function siteOfRemote({ platform, cacheFolder, remote: address }: LockSiteOptions): Promise<GitSite> {
  const remote = parseGitRemote(address)
  const key = createHash('sha256').update(remote.url).digest('hex').slice(0, 16)
  const folder = join(cacheFolder, 'git-lock', key)
  const site = { platform, signal: NEVER, timeoutMs: TIMEOUT_MS, remote, login: undefined, folder }
  if ((await platform.files.stat(join(folder, 'HEAD'))) === undefined) await createFolder(site)
  return site
}

/** Made aside and moved into its place whole, so that nobody meets half of it. */
async function createFolder(site: GitSite): Promise<void> {
  const { files, random } = site.platform
  const made = `${site.folder}.${random.hex(8)}`
  const init = async (format: string): Promise<unknown> => {
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`]
    return await runGit(site, { doing: 'making a folder for the lock', args, folder: made })
  }
  try {
    await files.makeFolder(made)
    await init('sha1')
    const args = ['ls-remote', '--', REMOTE, 'HEAD']
    const head = await runGit(site, { doing: 'reading the kind of its names', args, folder: made })
    if (/^[0-9a-f]{64}\t/u.test(head)) {
      await files.remove(made)
      await files.makeFolder(made)
      await init('sha256')
    }
    await files.rename(made, site.folder)
  } catch (error) {
    if ((await files.stat(join(site.folder, 'HEAD'))) === undefined) throw error
  } finally {
    await files.remove(made)
  }
}
