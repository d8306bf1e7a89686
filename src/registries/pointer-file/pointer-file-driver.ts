import type { ZodType } from 'zod'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { sanitize } from '../../domain/text/sanitize.ts'
import { parseVersion, sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import {
  defineDriver,
  type AnyDriver,
  type DriverContext,
  type RegistryDriver,
  type Snapshot,
  type Subject,
} from '../driver.ts'
import { probeAccess } from '../../git/git-access.ts'
import { readBlobs } from '../../git/git-blobs.ts'
import { COMMIT_FILE, commitFile } from './pointer-file-commit.ts'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import { governedFiles, type GovernedFiles } from './governed-files.ts'
import { createFilePin, isVersionUnknown } from './pointer-file-pin.ts'
import { pathsOf, readLocation, type FileLocation } from './pointer-file-location.ts'
import { planPointerFile } from './pointer-file-plan.ts'
import { pointerFileOutOfScope } from './pointer-file-scope.ts'
import { blobsOf, decode, findPinOf, findTarget, hasVersion, type FileTarget } from './pointer-file-target.ts'
import { canonicalFiles, pointerOfFilePin, wantedFiles } from './wanted-files.ts'

const VERSION_UNKNOWN = 'has a version that cannot be read: it is recorded by its content'

/**
 * A driver for a git repository with one file per package. Its action is a custom one: what is pushed depends on the
 * head at that moment, so that read and write belong together.
 */
export function definePointerFileDriver<Options extends PointerFileOptions>(
  format: PointerFileFormat,
  options: ZodType<Options>,
): AnyDriver {
  const driver: RegistryDriver<Options> = {
    format: format.format,
    title: format.title,
    login: 'your git login',
    options,
    group: 3,
    effect: format.effect,
    inspect: (subject, context) => inspect(format, subject, context),
    capture: (target, context) => capture(format, target, context),
    captureNote: (pin) => (isVersionUnknown(pin) ? VERSION_UNKNOWN : ''),
    pointerOf: ({ pin, pointer, options: own }) => pointerOfFilePin(format, pin, pointer, own),
    plan: (request) => planPointerFile(format, request),
    outOfScope: (action, scope) => pointerFileOutOfScope(format, action, scope),
    operations: { [COMMIT_FILE]: commitFile },
  }
  return defineDriver(driver)
}

async function inspect(
  format: PointerFileFormat,
  { package: ref, from, to }: Subject,
  context: DriverContext<PointerFileOptions>,
): Promise<Snapshot> {
  const location = await readLocation(format, ref, context)
  const found = await findTarget(location, to)
  const { main, files } = found.pin
    ? await governedFiles(location, found.pin, from.version)
    : { main: mainOf(location), files: blobsOf(location.files) }
  const { target, text } = lowered(location, main, refuseOtherKind(location, main, found), context.options)
  return {
    pointer: { files: canonicalFiles(files, main) },
    revision: location.head.commit,
    serving: servedVersion(location, { main, files }, from.version),
    target,
    access: await probeAccess(location.connection),
    preview: await previewOf(location, { main, files }, { ...found, text }),
  }
}

async function capture(
  format: PointerFileFormat,
  { package: ref, version }: Parameters<RegistryDriver<PointerFileOptions>['capture']>[0],
  context: DriverContext<PointerFileOptions>,
): Promise<Json> {
  const location = await readLocation(format, ref, context)
  const { files, head, connection } = location
  const served = [...files.keys()].map((path) => [path, versionAt(location, path)] as const)
  const [path] = served.find(([, one]) => one !== null && sameVersion(one, version)) ?? []
  if (path !== undefined) return pinAt(location, path)
  const found = await findPinOf(location, version)
  if (found) return found.pin
  const carrier = [...files.keys()].find((one) => hasVersion(format, textAt(location, one), version))
  if (carrier !== undefined) return pinAt(location, carrier)
  const known = served.flatMap(([, one]) => (one === null ? [] : [one]))
  // Nothing says that it is another version.
  if (served.length > 0 && known.length === 0) return { ...pinAt(location, mainOf(location)), version: 'unknown' }
  const searched = served.length > 0 ? [...files.keys()] : pathsOf(format, ref, context.options)
  const where = sanitize(searched.join(', '), 300)
  throw new BagboyError('REGISTRY_NOT_FOUND', `${connection.remote.shown} has no ${version} at ${where}.`, {
    hint:
      known.length === 0
        ? `Set path: to the file of this package on the branch ${head.ref.replace('refs/heads/', '')}.`
        : `It serves ${known.join(', ')}; publish ${version} first.`,
  })
}

/** Everything that clients find for this package now, with the file at `path` as the one that has the version. */
function pinAt({ files, contents, head }: FileLocation, path: string): JsonObject {
  const blob = files.get(path)?.blob ?? ''
  const content = contents.get(blob)
  if (content === undefined) throw new BagboyError('BUG', `The content of ${sanitize(path, 200)} was not read.`)
  return createFilePin({ path, blob, content, commit: head.commit }, blobsOf(files))
}

function mainOf({ format, ref, options, files }: FileLocation): string {
  const [first] = files.keys()
  return first ?? pathsOf(format, ref, options)[0]
}

function textAt({ files, contents }: FileLocation, path: string): string {
  const content = contents.get(files.get(path)?.blob ?? '')
  return content === undefined ? '' : decode(content)
}

/** Only what can be a version: it goes into titles and comparisons. */
function versionAt(location: FileLocation, path: string): string | null {
  const found = location.format.parseVersion(textAt(location, path))
  return found === undefined ? null : (parseVersion(found) ?? null)
}

/** The version that is left, as long as one of the files has it: its users still get it. */
function servedVersion(location: FileLocation, { main, files }: GovernedFiles, from: string): string | null {
  const versions = Object.keys(files).map((path) => versionAt(location, path))
  const left = versions.find((version) => version !== null && sameVersion(version, from))
  return left ?? versionAt(location, main) ?? versions.find((version) => version !== null) ?? null
}

/** A formula is no cask: in the place of one it would break the tap. */
function refuseOtherKind({ format, options }: FileLocation, main: string, found: FileTarget): FileTarget {
  const there = format.kindOfPath?.(found.pin?.path ?? '') ?? format.kindOfText?.(found.text)
  const here = format.kindOfPath?.(main)
  if (found.target.status !== 'present' || there === undefined || here === undefined || there === here) return found
  const remedy =
    options.path === undefined
      ? 'Correct the entry in the history.'
      : 'Remove path: from bagboy.yaml, so that both files are put back, or choose another target.'
  const detail = `what was recorded is a ${there}, and ${sanitize(main, 200)} is the place of a ${here}`
  return { ...found, target: { status: 'changed', detail, remedy } }
}

/** The text of the file, or of all of them where there are several. */
async function previewOf(
  location: FileLocation,
  { main, files }: GovernedFiles,
  { pin, text, target }: FileTarget,
): Promise<Snapshot['preview']> {
  const { format, options, connection, head } = location
  const wanted =
    pin && target.status === 'present' ? wantedFiles(format, pin, canonicalFiles(files, main), options) : {}
  const paths = [...new Set([main, ...Object.keys(files), ...Object.keys(wanted)])]
  if (paths.length === 1 || options.bump_version_scheme === true) return { before: textAt(location, main), after: text }
  const blobs = await readBlobs(
    connection,
    Object.values(wanted).flatMap((name) => name ?? []),
    head,
  )
  const after = (path: string): string => {
    const content = blobs.get(wanted[path] ?? '')
    return content === undefined ? '' : decode(content)
  }
  const joined = (textOf: (path: string) => string): string =>
    paths.map((path) => `==> ${path}\n${textOf(path)}`).join('\n')
  return { before: joined((path) => textAt(location, path)), after: joined(after) }
}

function lowered(location: FileLocation, main: string, found: FileTarget, options: PointerFileOptions): FileTarget {
  const served = textAt(location, main)
  if (options.bump_version_scheme !== true || found.target.status !== 'present' || served === '') return found
  const text = location.format.lowerClients?.(found.text, served)
  if (text === undefined) return found
  if (!text.includes('\uFFFD')) return { ...found, text }
  return {
    ...found,
    target: {
      status: 'changed',
      detail: 'the old text is not UTF-8, so its version_scheme cannot be raised without damage',
      remedy: 'Set bump_version_scheme: false for this registry.',
    },
  }
}
