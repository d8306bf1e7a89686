import type { PackageRef } from '../../domain/deployment.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import type { GitConnection } from '../../git/git-connection.ts'
import type { DriverContext } from '../driver.ts'
import { readBlobs, type Blobs } from '../../git/git-blobs.ts'
import { fetchHistory } from '../../git/git-cache.ts'
import { isRegularFile, readTree, refuseIrregular, type GitEntries, type GitEntry } from '../../git/git-entries.ts'
import { readHead, type GitHead } from '../../git/git-head.ts'
import { gitPath } from '../../git/git-names.ts'
import { openGitConnection } from './open-git-connection.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'

/** The files of a package at the head of the branch. */
export interface FileLocation {
  readonly connection: GitConnection
  readonly head: GitHead
  readonly format: PointerFileFormat
  readonly ref: PackageRef
  readonly options: PointerFileOptions
  /** Everything that stands in the folders of this format, and at the usual paths. */
  readonly tree: GitEntries
  /** The package's own, as clients find them, the one they prefer first; with `path:` only that one. */
  readonly files: ReadonlyMap<string, GitEntry>
  readonly contents: Blobs
}

export function openConnection(ref: PackageRef, context: DriverContext<PointerFileOptions>): Promise<GitConnection> {
  const { remote, credentials } = context.options
  return openGitConnection(
    context,
    remote === undefined ? remoteOfRegistry(ref.registry) : parseGitRemote(remote),
    credentials,
  )
}

/** Reads the head, then the files that clients take for the package's. @throws REGISTRY_* */
export async function readLocation(
  format: PointerFileFormat,
  ref: PackageRef,
  context: DriverContext<PointerFileOptions>,
  more: readonly string[] = [],
): Promise<FileLocation> {
  const { options } = context
  const connection = await openConnection(ref, context)
  const head = await readHead(connection, options.branch)
  const tree = await readTree(connection, head.commit, treeOf(format, ref, options))
  const files = filesIn(format, ref, options, tree)
  const irregular = files.size > 0 ? undefined : pathsOf(format, ref, options).find((path) => tree.has(path))
  if (irregular !== undefined) refuseIrregular(connection, irregular, tree.get(irregular))
  const contents = await readBlobs(connection, [...[...files.values()].map(({ blob }) => blob), ...more], head)
  return { connection, head, format, ref, options, tree, files, contents }
}

/** The package's files in another commit of the branch. */
export async function readFilesAt(location: FileLocation, commit: string): Promise<ReadonlyMap<string, GitEntry>> {
  const { connection, head, format, ref, options } = location
  const read = () => readTree(connection, commit, treeOf(format, ref, options))
  // A server may hand out branches only; the commit is then found in the history of ours.
  const tree = await read().catch(async (error: unknown) => {
    if (!(error instanceof BagboyError)) throw error
    await fetchHistory(connection, head.commit)
    return read()
  })
  return filesIn(format, ref, options, tree)
}

/** Where its file may have been, now or earlier. */
export function pathsOf(
  format: PointerFileFormat,
  { name }: PackageRef,
  { path }: PointerFileOptions,
): readonly [string, ...string[]] {
  if (path !== undefined) return [path]
  const paths = format.pathsOf(name)
  if (paths.every((one) => gitPath.safeParse(one).success)) return paths
  throw new BagboyError('CONFIG_INVALID', `No file can have the name of the package "${sanitize(name, 100)}".`, {
    hint: `Set path: for this ${format.format} registry in bagboy.yaml.`,
  })
}

function treeOf(format: PointerFileFormat, ref: PackageRef, options: PointerFileOptions) {
  const paths = pathsOf(format, ref, options)
  // What stands in a searched folder is listed with it.
  const isListed = (path: string): boolean => format.folders.some((folder) => path.startsWith(`${folder}/`))
  if (options.path !== undefined) return { folders: [], paths }
  return { folders: format.folders, paths: paths.filter((path) => !isListed(path)) }
}

function filesIn(
  format: PointerFileFormat,
  { name }: PackageRef,
  { path }: PointerFileOptions,
  tree: GitEntries,
): ReadonlyMap<string, GitEntry> {
  const regular = [...tree].filter(([, entry]) => isRegularFile(entry)).map(([one]) => one)
  const names = path === undefined ? format.filesOf(name, regular) : regular.filter((one) => one === path)
  const entries = names.flatMap((one) => {
    const entry = tree.get(one)
    return entry === undefined ? [] : [[one, entry] as const]
  })
  return new Map(entries)
}
