import { untrusted } from '../../domain/display.ts'
import { bareVersion, sameVersion } from '../../domain/version.ts'
import type { Json } from '../../domain/json.ts'
import type { PinnedVersion } from '../../domain/plan.ts'
import type { Snapshot } from '../driver.ts'
import { findRevision } from './git-history.ts'
import { createFilePin, matchesPin, parseFilePin, type FilePin } from './pointer-file-pin.ts'
import type { FilePlace } from './pointer-file-place.ts'

/** The wanted version's file, as the snapshot tells it, with its text. */
export interface FileTarget {
  readonly target: Snapshot['target']
  readonly text: string
}

/** Finds the file by its pin, or by its version in the branch's history when none was recorded. */
export async function findTarget(place: FilePlace, wanted: PinnedVersion): Promise<FileTarget> {
  if (wanted.pin === null) return findByVersion(place, wanted.version)
  const pin = parseFilePin(wanted.pin)
  if (pin) return findByPin(place, pin, wanted.version)
  return broken('changed', `what was recorded for ${wanted.version} names no file of a git repository`, wanted.version)
}

function findByPin({ blobs, format, isOwn }: FilePlace, pin: FilePin, version: string): FileTarget {
  const content = blobs.get(pin.sha)
  const path = untrusted(pin.path, 200)
  if (!isOwn) {
    const detail = `${path}, which was recorded for ${version}, is no usual place of this package`
    const remedy = `Correct the entry in the history, or set path: ${path} in bagboy.yaml when it is the package's own file.`
    return { target: { status: 'changed', detail, remedy }, text: '' }
  }
  if (content === undefined) {
    return broken('missing', `the file ${path} of ${version} (blob ${pin.sha}) is no longer in the repository`, version)
  }
  const text = decode(content)
  const found = format.parseVersion(text)
  if (!matchesPin(pin, content))
    return broken('changed', `${path} of ${version} has other content than recorded`, version)
  if (found !== undefined && !sameVersion(found, version)) {
    return broken('changed', `the file recorded for ${version} is one of ${untrusted(found, 60)}`, version)
  }
  return { target: { status: 'present' }, text }
}

async function findByVersion(place: FilePlace, version: string): Promise<FileTarget> {
  const found = await findPinOf(place, version)
  if (found) return { target: { status: 'present', pin: found.pin }, text: found.text }
  const where = `the history of ${untrusted(place.path, 200)}`
  return broken('missing', `nothing was recorded for ${version}, and ${where} has no such version`, version)
}

/** The newest state of the file on the branch that has this version. */
export async function findPinOf(
  { site, head, path, format }: FilePlace,
  version: string,
): Promise<{ readonly pin: FilePin & Json; readonly text: string } | undefined> {
  const found = await findRevision(site, head, path, (content) => {
    const parsed = format.parseVersion(decode(content))
    return parsed !== undefined && sameVersion(parsed, version)
  })
  if (!found) return undefined
  return { pin: createFilePin(path, found.blob, found.content, found.commit), text: decode(found.content) }
}

function broken(status: 'missing' | 'changed', detail: string, version: string): FileTarget {
  const remedy = `Push the file of ${bareVersion(version)} once more and record it, or choose another target.`
  return { target: { status, detail, remedy }, text: '' }
}

/** Byte for byte where it is UTF-8: a mark at its beginning stays. */
export function decode(content: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
}
