import { BagboyError } from '../errors/bagboy-error.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import { fetchCommit, hasCopy } from './git-cache.ts'
import { runGit, tryGit, type GitCommand } from './git-command.ts'
import type { GitConnection } from './git-connection.ts'

/** What stands at a path of a commit: a file, or a link, a folder or a submodule. */
export interface GitEntry {
  /** `100644` or `100755` of a file. */
  readonly mode: string
  /** The blob of a file. */
  readonly blob: string
}

export type GitEntries = ReadonlyMap<string, GitEntry>

/** What stands at these paths in a commit. Fetches the commit when it is new to us. @throws REGISTRY_* */
export function readEntries(connection: GitConnection, commit: string, paths: readonly string[]): Promise<GitEntries> {
  return listTree(connection, commit, ['--', ...paths])
}

/** Everything in these folders of a commit, however deep, and what stands at these paths. @throws REGISTRY_* */
export function readTree(
  connection: GitConnection,
  commit: string,
  { folders, paths }: { readonly folders: readonly string[]; readonly paths: readonly string[] },
): Promise<GitEntries> {
  return listTree(connection, commit, ['-r', '-t', '--', ...folders.map((folder) => `${folder}/`), ...paths])
}

async function listTree(connection: GitConnection, commit: string, args: readonly string[]): Promise<GitEntries> {
  const command: GitCommand = {
    doing: `looking up ${sanitize(args.slice(args.indexOf('--') + 1).join(', '), 200)}`,
    args: [
      'ls-tree',
      '-z',
      '--full-tree',
      ...args.slice(0, args.indexOf('--')),
      commit,
      ...args.slice(args.indexOf('--')),
    ],
  }
  const known = (await hasCopy(connection)) ? await tryGit(connection, command) : undefined
  if (known?.exitCode === 0) return parseEntries(Buffer.from(known.stdout).toString())
  await fetchCommit(connection, commit)
  return parseEntries(Buffer.from(await runGit(connection, command), 'latin1').toString())
}

export function isRegularFile({ mode }: GitEntry): boolean {
  return mode === '100644' || mode === '100755'
}

/** @throws REGISTRY_REJECTED for a link, a folder or a submodule */
export function refuseIrregular(connection: GitConnection, path: string, entry: GitEntry | undefined): void {
  if (entry === undefined || isRegularFile(entry)) return
  throw new BagboyError(
    'REGISTRY_REJECTED',
    `${sanitize(path, 200)} in ${connection.remote.shown} is no regular file.`,
    {
      hint: 'Set path: to the file itself; links and folders are not followed.',
    },
  )
}

/** `100644 blob <name>\t<path>\0`: git-ls-tree(1). */
function parseEntries(output: string): GitEntries {
  return new Map(
    output.split('\0').flatMap((line) => {
      const { mode, blob, path } = /^(?<mode>\d+) \w+ (?<blob>[0-9a-f]+)\t(?<path>.*)$/su.exec(line)?.groups ?? {}
      return mode === undefined || blob === undefined || path === undefined ? [] : [[path, { mode, blob }] as const]
    }),
  )
}
