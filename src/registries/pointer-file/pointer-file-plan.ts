import { sanitize } from '../../domain/text/sanitize.ts'
import type { Action } from '../../domain/plan.ts'
import { bareVersion } from '../../domain/version.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import type { PlanRequest, StepDraft } from '../driver.ts'
import { commitFileAction } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { manualCommands } from './pointer-file-manual.ts'
import { blobName, parseFilePin } from './pointer-file-pin.ts'
import { canonicalFiles, mainPath, parseFilePointer, wantedFiles, type PackageFiles } from './wanted-files.ts'

/** Pure. `undefined` when the wanted content is what is served. */
export function planPointerFile(
  format: PointerFileFormat,
  { subject, snapshot, options }: PlanRequest<PointerFileOptions>,
): StepDraft | undefined {
  const { package: ref, to } = subject
  const before = parseFilePointer(snapshot.pointer)
  const version = bareVersion(to.version)
  const wanted = wantedState(format, { subject, snapshot, options })
  if (wanted === undefined) return unknownFile(Object.keys(before), ref.registry, version)
  const { path, after, source, text } = wanted
  const changes = changesOf(before, after, path)
  if (changes.length === 0) return undefined

  const title = `${titleOf(changes, after)} of ${sanitize(version, 60)} in ${sanitize(ref.registry, 100)}`
  const remote = (options.remote === undefined ? remoteOfRegistry(ref.registry) : parseGitRemote(options.remote)).shown
  const name = sanitize(ref.name, 100)
  const location = { remote, branch: options.branch ?? null }
  const summary = `Roll back ${name} to ${version}`
  const undoTitle = `Put ${sanitize(changes.map((change) => change.path).join(', '), 200)} back as it was in ${sanitize(ref.registry, 100)}`
  const undo = commitAction(undoTitle, backwards(changes), {
    ...location,
    summary: `Restore ${name} as it was before the roll back to ${version}`,
    version: bareVersion(subject.from.version),
  })
  return {
    title: text === undefined ? title : `${title}, with a higher version_scheme`,
    actions: [commitAction(title, changes, { ...location, summary, version, ...(text === undefined ? {} : { text }) })],
    want: { files: after },
    undo: text === undefined ? [undo] : [],
    reversibility: text === undefined ? 'reversible' : 'one-way',
    manual: manualCommands({
      remote,
      branch: options.branch,
      changes: sourcesOf(changes, path, source),
      summary,
      text,
    }),
  }
}

interface FileChange {
  readonly path: string
  readonly blob: string | null
  readonly expected: string | null
}

/** The main file first: titles and older plans name it. */
function changesOf(before: PackageFiles, after: PackageFiles, main: string): readonly FileChange[] {
  const paths = [...new Set([main, ...Object.keys(before), ...Object.keys(after)])]
  return paths
    .map((path) => ({ path, blob: after[path] ?? null, expected: before[path] ?? null }))
    .filter(({ blob, expected }) => blob !== expected)
}

function backwards(changes: readonly FileChange[]): readonly FileChange[] {
  return changes.map(({ path, blob, expected }) => ({ path, blob: expected, expected: blob }))
}

function titleOf(changes: readonly FileChange[], after: PackageFiles): string {
  const named = (paths: readonly string[]): string => sanitize(paths.join(', '), 200)
  const written = changes.filter(({ blob }) => blob !== null).map(({ path }) => path)
  const removed = changes.filter(({ blob }) => blob === null).map(({ path }) => path)
  if (removed.length === 0) return `Restore ${named(written)}`
  if (written.length > 0) return `Remove ${named(removed)} and restore ${named(written)}`
  return `Remove ${named(removed)} beside ${named(Object.keys(after))}`
}

/** One commit for all of them. */
function commitAction(
  title: string,
  [first, ...also]: readonly FileChange[],
  commit: {
    readonly remote: string
    readonly branch: string | null
    readonly summary: string
    readonly version: string
  },
): Action {
  const { path, blob, expected } = first ?? { path: '', blob: null, expected: null }
  const others = also.length === 0 ? {} : { also: also.map((change) => ({ ...change })) }
  return commitFileAction(title, { ...commit, path, blob, expected, ...others })
}

/** A person writes the blob of the version itself, and changes its text afterwards. */
function sourcesOf(
  changes: readonly FileChange[],
  main: string,
  source: string,
): readonly Omit<FileChange, 'expected'>[] {
  return changes.map(({ path, blob }) => ({ path, blob: path === main ? source : blob }))
}

interface WantedState {
  /** Of the main file. */
  readonly path: string
  readonly after: PackageFiles
  /** The blob of the version itself: another one when its text had to be changed. */
  readonly source: string
  /** When it had to be changed. */
  readonly text?: string
}

function wantedState(
  format: PointerFileFormat,
  { subject, snapshot, options }: PlanRequest<PointerFileOptions>,
): WantedState | undefined {
  const { target, preview, pointer } = snapshot
  const pin = parseFilePin(target.status === 'present' && target.pin !== undefined ? target.pin : subject.to.pin)
  if (pin === undefined) return undefined
  const before = parseFilePointer(pointer)
  const path = mainPath(format, pin, before, options)
  const files = wantedFiles(format, pin, before, options)
  const isLowered = options.bump_version_scheme === true && format.lowerClients !== undefined
  const blob = isLowered && target.status === 'present' ? blobName(preview.after, pin.sha) : pin.sha
  const after = canonicalFiles({ ...files, [path]: blob }, path)
  return blob === pin.sha ? { path, after, source: pin.sha } : { path, after, source: pin.sha, text: preview.after }
}

/** A finding stops such a plan; should it be run all the same, nothing is done and no read can ever confirm it. */
function unknownFile(paths: readonly string[], registry: string, version: string): StepDraft {
  const title = `Restore ${sanitize(paths.join(', '), 200)} of ${sanitize(version, 60)} in ${sanitize(registry, 100)}`
  return {
    title: `${title} (not found)`,
    actions: [],
    want: { files: Object.fromEntries(paths.map((path) => [path, `the file of ${version}`])) },
    undo: [],
    reversibility: 'reversible',
    manual: [],
  }
}
