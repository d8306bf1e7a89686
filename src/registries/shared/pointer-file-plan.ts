import { untrusted } from '../../domain/display.ts'
import type { Action } from '../../domain/plan.ts'
import { bareVersion } from '../../domain/version.ts'
import type { PlanRequest, StepDraft } from '../driver.ts'
import { parseGitRemote, remoteOfRegistry } from '../../git/git-remote.ts'
import { commitFileAction } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { manualCommands } from './pointer-file-manual.ts'
import { blobName, parseFilePin, parseFilePointer } from './pointer-file-pin.ts'

/** Pure. `undefined` when the wanted content is what is served. */
export function planPointerFile(
  format: PointerFileFormat,
  { subject, snapshot, options }: PlanRequest<PointerFileOptions>,
): StepDraft | undefined {
  const { package: ref, to } = subject
  const { path, blob: before } = parseFilePointer(snapshot.pointer)
  const version = bareVersion(to.version)
  const title = `Restore ${untrusted(path, 200)} of ${untrusted(version, 60)} in ${untrusted(ref.registry, 100)}`
  const wanted = wantedFile(format, { subject, snapshot, options })
  if (wanted === undefined) return unknownFile(title, path, version)
  if (wanted.blob === before) return undefined

  const remote = (options.remote === undefined ? remoteOfRegistry(ref.registry) : parseGitRemote(options.remote)).shown
  const name = untrusted(ref.name, 100)
  const place = { remote, branch: options.branch ?? null, path }
  const undoTitle = `Put ${untrusted(path, 200)} back as it was in ${untrusted(ref.registry, 100)}`
  const undo: readonly Action[] = [
    commitFileAction(undoTitle, {
      ...place,
      summary: `Restore ${name} as it was before the roll back to ${version}`,
      version: bareVersion(subject.from.version),
      blob: before,
      expected: wanted.blob,
    }),
  ]
  const { text } = wanted
  return {
    title: text === undefined ? title : `${title}, with a higher version_scheme`,
    actions: [
      commitFileAction(title, {
        ...place,
        summary: `Roll back ${name} to ${version}`,
        version,
        blob: wanted.blob,
        expected: before,
        ...(text === undefined ? {} : { text }),
      }),
    ],
    want: { files: { [path]: wanted.blob } },
    undo: text === undefined ? undo : [],
    reversibility: text === undefined ? 'reversible' : 'one-way',
    manual: manualCommands({
      remote,
      branch: options.branch,
      path,
      blob: wanted.source,
      summary: `Roll back ${name} to ${version}`,
      text,
    }),
  }
}

interface WantedFile {
  readonly blob: string
  /** The blob of the version itself: another one when its text had to be changed. */
  readonly source: string
  /** When it had to be changed. */
  readonly text?: string
}

function wantedFile(
  format: PointerFileFormat,
  { subject, snapshot, options }: PlanRequest<PointerFileOptions>,
): WantedFile | undefined {
  const { target, preview } = snapshot
  const pin = parseFilePin(target.status === 'present' && target.pin !== undefined ? target.pin : subject.to.pin)
  if (pin === undefined) return undefined
  const isLowered = options.bump_version_scheme === true && format.lowerClients !== undefined
  const blob = isLowered && target.status === 'present' ? blobName(preview.after, pin.sha) : pin.sha
  return blob === pin.sha ? { blob, source: pin.sha } : { blob, source: pin.sha, text: preview.after }
}

/** A finding stops such a plan; should it be run all the same, nothing is done and no read can ever confirm it. */
function unknownFile(title: string, path: string, version: string): StepDraft {
  return {
    title: `${title} (not found)`,
    actions: [],
    want: { files: { [path]: `the file of ${version}` } },
    undo: [],
    reversibility: 'reversible',
    manual: [],
  }
}
