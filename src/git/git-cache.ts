import { join } from 'node:path'
import { withCleanUp } from '../errors/with-clean-up.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { REMOTE, runGit, tryGit, type GitCommand } from './git-command.ts'
import { gitError } from './git-errors.ts'
import type { GitConnection } from './git-connection.ts'

/** No tags, no FETCH_HEAD, nothing pruned: several processes fetch into one copy. */
export const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-prune',
] as const

/** At most, between two tries at a lock on our copy that another process holds. */
const LOCK_WAIT_MS = 100

/**
 * Brings a commit with its trees into our copy; its files come when they are read. The first time only this commit,
 * later everything that is new since then. A remote that cannot leave files out sends them all, which is only slower.
 */
export async function fetchCommit(connection: GitConnection, commit: string): Promise<void> {
  if (!(await hasCopy(connection)) && (await createCopy(connection, commit))) return
  const command = fetchOf(`fetching ${commit.slice(0, 12)}`, [], commit)
  await whileLocked(connection, command, () => hasCommit(connection, commit))
}

/** Brings everything before `commit`, without files. Costly on a large repository, and done once. */
export async function fetchHistory(connection: GitConnection, commit: string): Promise<void> {
  const isWhole = async () => (await connection.platform.files.stat(join(connection.folder, 'shallow'))) === undefined
  if (await isWhole()) return
  await whileLocked(connection, fetchOf('fetching its history', ['--unshallow'], commit), isWhole)
}

/**
 * Brings everything of the branch once more, with its files: from a server that left them out and does not hand them out by
 * their names. Since git 2.36.
 */
export async function fetchFiles(connection: GitConnection, commit: string): Promise<void> {
  const command = { ...fetchOf('fetching its files', ['--refetch'], commit), mayFetch: false }
  await whileLocked(connection, command, () => Promise.resolve(false))
}

/** The ref keeps what we have known to the remote the next time: it then sends only the difference. */
function fetchOf(doing: string, options: readonly string[], commit: string): GitCommand {
  return { doing, args: [...FETCH, ...options, '--', REMOTE, `+${commit}:refs/bagboy/${commit}`], mayFetch: true }
}

export async function hasCopy({ platform, folder }: GitConnection): Promise<boolean> {
  return (await platform.files.stat(join(folder, 'HEAD'))) !== undefined
}

async function hasCommit(connection: GitConnection, commit: string): Promise<boolean> {
  return (await tryGit(connection, { doing: '', args: ['cat-file', '-e', `${commit}^{tree}`] })).exitCode === 0
}

/**
 * Made aside and moved to its location as a whole, so that no process reads half a copy. `false`: another process was
 * first.
 */
async function createCopy(connection: GitConnection, commit: string): Promise<boolean> {
  const { files, random } = connection.platform
  const folder = `${connection.folder}.${random.hex(8)}`
  const format = commit.length === 64 ? 'sha256' : 'sha1'
  const make = async (): Promise<boolean> => {
    await files.makeFolder(folder)
    // Without a template: the user's own may hold hooks.
    const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`]
    await runGit(connection, { doing: 'making our copy', args, folder })
    await runGit(connection, { ...fetchOf(`fetching ${commit.slice(0, 12)}`, ['--depth=1'], commit), folder })
    return await moveIntoPlace(connection, folder)
  }
  return withCleanUp(make, () => files.remove(folder))
}

async function moveIntoPlace(connection: GitConnection, folder: string): Promise<boolean> {
  try {
    await connection.platform.files.rename(folder, connection.folder)
    return true
  } catch (cause) {
    if (await hasCopy(connection)) return false
    throw new BagboyError('DISK', `Our copy of ${connection.remote.shown} cannot be kept at ${connection.folder}`, {
      hint: 'Free the place or the space for it and try again.',
      cause,
    })
  }
}

/** Git gives up at once where another process holds a lock; that process may bring what we want, in the same time. */
async function whileLocked(
  connection: GitConnection,
  command: GitCommand,
  isDone: () => Promise<boolean>,
): Promise<void> {
  const { clock, random } = connection.platform
  const startedMs = clock.elapsedMs()
  for (;;) {
    const result = await tryGit(connection, command)
    if (result.exitCode === 0) return
    // The process that was first may have fetched it: then there is no error to report.
    if (await isDone()) return
    const isLocked = /\.lock': File exists|cannot lock ref|shallow file has changed/u.test(result.stderr)
    if (!isLocked || clock.elapsedMs() - startedMs > connection.timeoutMs)
      throw gitError(connection, command.doing, result)
    await clock.sleep(LOCK_WAIT_MS * (0.2 + 0.8 * random.next()), connection.signal)
  }
}
