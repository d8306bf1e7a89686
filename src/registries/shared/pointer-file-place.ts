import type { PackageRef } from '../../domain/deployment.ts'
import type { Json } from '../../domain/json.ts'
import { untrusted } from '../../domain/display.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { DriverContext } from '../driver.ts'
import { isRegularFile, readEntries, refuseIrregular, type GitEntry } from './git-entries.ts'
import { readBlobs, type Blobs } from './git-blobs.ts'
import { readHead, type GitHead } from './git-head.ts'
import { gitPath } from './git-names.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import { openGitSite } from './open-git-site.ts'
import type { GitSite } from '../../git/git-site.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { isOwnPath } from './pointer-file-paths.ts'
import { parseFilePin } from './pointer-file-pin.ts'

/** A package's file at the head of the branch. */
export interface FilePlace {
  readonly site: GitSite
  readonly head: GitHead
  readonly format: PointerFileFormat
  readonly path: string
  /** `undefined` when there is no file. */
  readonly entry: GitEntry | undefined
  readonly content: Uint8Array | undefined
  /** What stands there, and what the pin names. */
  readonly blobs: Blobs
  /** Whether the file at `path` can be the package's own. */
  readonly isOwn: boolean
  /** Where a file of this package stands instead, when none is at `path`. */
  readonly elsewhere: string | undefined
}

export function openSite(ref: PackageRef, context: DriverContext<PointerFileOptions>): Promise<GitSite> {
  const { remote, credentials } = context.options
  return openGitSite(
    context,
    remote === undefined ? remoteOfRegistry(ref.registry) : parseGitRemote(remote),
    credentials,
  )
}

/** Reads the head, then the file: at the configured path, at the pin's, or at the first usual one that exists. */
export async function readPlace(
  format: PointerFileFormat,
  ref: PackageRef,
  pin: Json,
  context: DriverContext<PointerFileOptions>,
): Promise<FilePlace> {
  const site = await openSite(ref, context)
  const head = await readHead(site, context.options.branch)
  const recorded = parseFilePin(pin)
  const fixed = context.options.path ?? recorded?.path
  const usual = usualPaths(format, ref)
  const entries = await readEntries(site, head.commit, fixed === undefined ? usual : [...new Set([fixed, ...usual])])
  const isFile = (candidate: string): boolean => {
    const found = entries.get(candidate)
    return found !== undefined && isRegularFile(found)
  }
  const existing = usual.find(isFile)
  // What stands at the other places is not the package's file, whatever it is.
  const path = fixed ?? existing ?? usual.find((candidate) => entries.has(candidate)) ?? usual[0]
  const entry = entries.get(path)
  refuseIrregular(site, path, entry)
  const blobs = await readBlobs(
    site,
    [entry?.blob, recorded?.sha].filter((name) => name !== undefined),
    head,
  )
  const content = entry && blobs.get(entry.blob)
  return {
    site,
    head,
    format,
    path,
    entry,
    content,
    blobs,
    isOwn: isOwnPath(format, ref, context.options, path),
    elsewhere: entry === undefined ? existing : undefined,
  }
}

function usualPaths(format: PointerFileFormat, { name }: PackageRef): readonly [string, ...string[]] {
  const paths = format.pathsOf(name)
  if (paths.every((path) => gitPath.safeParse(path).success)) return paths
  throw new BagboyError('CONFIG_INVALID', `No file can have the name of the package "${untrusted(name, 100)}".`, {
    hint: `Set path: for this ${format.format} registry in bagboy.yaml.`,
  })
}
