import type { Action } from '../../domain/plan.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import type { ActionScope } from '../driver.ts'
import { COMMIT_FILE, commitInput } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { isOwnPath } from './pointer-file-paths.ts'
import { blobName, parseFilePin, parseFilePointer } from './pointer-file-pin.ts'

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
  const { path, blob, text } = data
  const elsewhere = placeOutOfScope(format, data, { subject, options })
  if (elsewhere !== undefined) return elsewhere
  const goal = parseFilePointer(wants)
  if (goal.path !== path || goal.blob !== blob) return `writes ${path} with a content to which no step leads`
  if (text !== undefined) return textOutOfScope(format, options, { text, blob })
  const pinned = parseFilePin(subject.to.pin)?.sha
  const isPinned = restores || pinned === undefined || blob === pinned
  return isPinned ? undefined : `writes ${path} with another content than was recorded for ${subject.to.version}`
}

function placeOutOfScope(
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
