import type { Action } from '../../domain/plan.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import type { ActionScope } from '../driver.ts'
import { COMMIT_FILE, commitInput } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { isOwnPath } from './pointer-file-paths.ts'
import { blobName, parseFilePin } from './pointer-file-pin.ts'
import { parseFilePointer } from './wanted-files.ts'

/**
 * One commit on the configured branch of the entry's repository, with one file: the package's own, with the content that
 * the step leads to. Pure.
 */
export function pointerFileOutOfScope(
  format: PointerFileFormat,
  action: Action,
  { subject, options, wants, restores }: ActionScope<PointerFileOptions>,
): string | undefined {
  if (action.kind !== 'custom') return 'sends a request of its own'
  if (action.operation !== COMMIT_FILE) return undefined
  const { data } = commitInput.safeParse(action.input)
  if (!data) return 'is an unknown form of commit'
  const { path, blob, text, also = [] } = data
  const files = [{ path, blob }, ...also]
  const elsewhere = files
    .map((file) => targetOutOfScope(format, { ...data, path: file.path }, { subject, options }))
    .find((problem) => problem !== undefined)
  if (elsewhere !== undefined) return elsewhere
  const goal = parseFilePointer(wants)
  const unexpected = files.find((file) => (goal[file.path] ?? null) !== file.blob)
  if (unexpected !== undefined) return `writes ${unexpected.path} with a content to which no step leads`
  if (text !== undefined) return textOutOfScope(format, options, { text, blob })
  const pin = parseFilePin(subject.to.pin)
  if (restores || pin === undefined) return undefined
  const pinned = [null, pin.sha, ...Object.values(pin.files ?? {})]
  const unpinned = files.find((file) => !pinned.includes(file.blob))
  if (unpinned === undefined && Object.values(goal).includes(pin.sha)) return undefined
  if (unpinned === undefined) return `leaves out the file that was recorded for ${subject.to.version}`
  return `writes ${unpinned.path} with another content than was recorded for ${subject.to.version}`
}

function targetOutOfScope(
  format: PointerFileFormat,
  { remote, branch, path }: { readonly remote: string; readonly branch: string | null; readonly path: string },
  { subject: { package: ref }, options }: Pick<ActionScope<PointerFileOptions>, 'subject' | 'options'>,
): string | undefined {
  const own = options.remote === undefined ? remoteOfRegistry(ref.registry) : parseGitRemote(options.remote)
  if (remote !== own.shown) return `commits to ${remote}, and the entry is ${own.shown}`
  if (branch !== (options.branch ?? null)) return `commits to the branch ${branch ?? 'HEAD'}`
  return isOwnPath(format, ref, options, path) ? undefined : `writes ${path}, which is no file of ${ref.name}`
}

function textOutOfScope(
  format: PointerFileFormat,
  { bump_version_scheme: isBumped }: PointerFileOptions,
  { text, blob }: { readonly text: string; readonly blob: string | null },
): string | undefined {
  if (isBumped !== true || format.lowerClients === undefined) return 'writes a text of its own'
  return blob !== null && blobName(text, blob) === blob ? undefined : 'writes a text that is not the blob it names'
}
