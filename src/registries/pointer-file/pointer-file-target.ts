import { sanitize } from '../../domain/text/sanitize.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import type { JsonObject } from '../../domain/text/json.ts'
import type { PinnedVersion } from '../../domain/plan.ts'
import type { Snapshot } from '../driver.ts'
import { readBlobs } from '../../git/git-blobs.ts'
import type { PointerFileFormat } from './pointer-file-format.ts'
import { findRevision } from '../../git/git-history.ts'
import { createFilePin, matchesPin, parseFilePin, type FilePin } from './pointer-file-pin.ts'
import { isOwnPath } from './pointer-file-paths.ts'
import { pathsOf, readFilesAt, type FileLocation } from './pointer-file-location.ts'

/** The wanted version's file, as the snapshot tells it, with its text. */
export interface FileTarget {
  readonly target: Snapshot['target']
  /** Where it was found, or is said to be. */
  readonly pin?: FilePin & JsonObject
  readonly text: string
}

/** Finds the file by its pin, or by its version in the branch's history when none was recorded. */
export async function findTarget(location: FileLocation, wanted: PinnedVersion): Promise<FileTarget> {
  if (wanted.pin === null) return findByVersion(location, wanted.version)
  const pin = parseFilePin(wanted.pin)
  if (pin) return { ...(await findByPin(location, pin, wanted.version)), pin: pin as FilePin & JsonObject }
  return broken('changed', `what was recorded for ${wanted.version} names no file of a git repository`, wanted.version)
}

async function findByPin(location: FileLocation, pin: FilePin, version: string): Promise<FileTarget> {
  const { connection, head, format, ref, options } = location
  const path = sanitize(pin.path, 200)
  if (options.path === undefined && !isOwnPath(format, ref, options, pin.path)) {
    const detail = `${path}, which was recorded for ${version}, is no usual place of this package`
    const remedy = `Correct the entry in the history, or set path: ${path} in bagboy.yaml when it is the package's own file.`
    return { target: { status: 'changed', detail, remedy }, text: '' }
  }
  const names = [pin.sha, ...Object.values(options.path === undefined ? (pin.files ?? {}) : {})]
  const blobs = await readBlobs(connection, names, head)
  const content = blobs.get(pin.sha)
  const gone = names.find((name) => !blobs.has(name))
  if (content === undefined || gone !== undefined) {
    const file = Object.entries(pin.files ?? {}).find(([, name]) => name === gone)?.[0] ?? pin.path
    const what = `the file ${sanitize(file, 200)} of ${version} (blob ${gone ?? pin.sha}) is no longer in the repository`
    return broken('missing', what, version)
  }
  const text = decode(content)
  const found = format.parseVersion(text)
  if (!matchesPin(pin, content)) {
    return broken('changed', `${path} of ${version} has other content than recorded`, version)
  }
  if (found !== undefined && !hasVersion(format, text, version) && pin.version === undefined) {
    return broken('changed', `the file recorded for ${version} is one of ${sanitize(found, 60)}`, version)
  }
  return { target: { status: 'present' }, text }
}

/** Whether a file is one of this version, for any platform: what is frozen for old systems counts as well. Pure. */
export function hasVersion(format: PointerFileFormat, text: string, version: string): boolean {
  const all = [format.parseVersion(text) ?? [], format.versionsOf?.(text) ?? []].flat()
  return all.some((one) => sameVersion(one, version))
}

async function findByVersion(location: FileLocation, version: string): Promise<FileTarget> {
  const found = await findPinOf(location, version)
  if (found) return { target: { status: 'present', pin: found.pin }, ...found }
  const where = `the history of ${sanitize(searchedPaths(location).join(', '), 300)}`
  return broken('missing', `nothing was recorded for ${version}, and ${where} has no such version`, version)
}

/** The newest state of one of the package's files on the branch that has this version, with what was beside it then. */
export async function findPinOf(
  location: FileLocation,
  version: string,
): Promise<{ readonly pin: FilePin & JsonObject; readonly text: string } | undefined> {
  const { connection, head, format } = location
  const found = await findRevision(connection, head, searchedPaths(location), (content) => {
    const parsed = format.parseVersion(decode(content))
    return parsed !== undefined && sameVersion(parsed, version)
  })
  if (!found) return undefined
  const files = await readFilesAt(location, found.commit)
  return { pin: createFilePin(found, blobsOf(files)), text: decode(found.content) }
}

export function blobsOf(files: FileLocation['files']): Readonly<Record<string, string>> {
  return Object.fromEntries([...files].map(([path, { blob }]) => [path, blob]))
}

function searchedPaths({ format, ref, options, files }: FileLocation): readonly string[] {
  return [...new Set([...files.keys(), ...pathsOf(format, ref, options)])]
}

function broken(status: 'missing' | 'changed', detail: string, version: string): FileTarget {
  const remedy = `Push the file of ${bareVersion(version)} once more and record it, or choose another target.`
  return { target: { status, detail, remedy }, text: '' }
}

/** Byte for byte where it is UTF-8: a mark at its beginning stays. */
export function decode(content: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
}
