import { z } from 'zod'
import type { PointerFileFormat, PointerFileOptions } from './pointer-file-format.ts'
import type { Json } from '../../domain/text/json.ts'
import { parseFilePin, type FilePin } from './pointer-file-pin.ts'
import { gitPath, objectId } from '../../git/git-names.ts'

/** The files of a package by their paths; `null` = there is no such file. */
export type PackageFiles = Readonly<Record<string, string | null>>

type Kinds = Pick<PointerFileFormat, 'kindOfPath'>

/**
 * Where the main file of a pin belongs among the files that are there: where it was, or where a file of the same kind is
 * now, when it was moved since. Pure.
 */
export function mainPath(
  { kindOfPath }: Kinds,
  pin: FilePin,
  files: PackageFiles,
  options: PointerFileOptions,
): string {
  if (options.path !== undefined) return options.path
  if (Object.hasOwn(files, pin.path)) return pin.path
  const isSameKind = (path: string): boolean => kindOfPath?.(path) === kindOfPath?.(pin.path)
  return Object.keys(files).find(isSameKind) ?? pin.path
}

/** The files that a pin leads to, from those that are there: what was not there then is gone. Pure. */
export function wantedFiles(
  kinds: Kinds,
  pin: FilePin,
  files: PackageFiles,
  options: PointerFileOptions,
): PackageFiles {
  const main = mainPath(kinds, pin, files, options)
  if (options.path !== undefined) return { [main]: pin.sha }
  const others = Object.entries(pin.files ?? {}).filter(([path]) => path !== pin.path && path !== main)
  return { ...Object.fromEntries(others), [main]: pin.sha }
}

/** In one form for the same files: those that are there, and the main one. Pure. */
export function canonicalFiles(files: PackageFiles, main: string): PackageFiles {
  const entries = Object.entries({ [main]: null, ...files }).filter(([path, blob]) => path === main || blob !== null)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const filePointer = z.object({ files: z.record(gitPath, objectId.nullable()) })

/** The files of a pointer. @throws ZodError for a pointer that is not ours */
export function parseFilePointer(pointer: Json): PackageFiles {
  return filePointer.parse(pointer).files
}

/** The pointer of a pin, part by part as one that was read: a file that it does not have is none. Pure. */
export function pointerOfFilePin(kinds: Kinds, pin: Json, pointer: Json, options: PointerFileOptions): Json {
  const parsed = parseFilePin(pin)
  if (!parsed) return null
  const there = parseFilePointer(pointer)
  const none = Object.fromEntries(Object.keys(there).map((path) => [path, null]))
  return { files: { ...none, ...wantedFiles(kinds, parsed, there, options) } }
}
