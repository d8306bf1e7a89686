import { sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { FilePin } from './pointer-file-pin.ts'
import { readFilesAt, type FileLocation } from './pointer-file-location.ts'
import { decode } from './pointer-file-target.ts'
import { mainPath, type PackageFiles } from './wanted-files.ts'

/** Files of a package that a pin speaks of, and the one among them that is the pin's own. */
export interface GovernedFiles {
  readonly main: string
  readonly files: PackageFiles
}

/**
 * Which files of the package a return to `pin` is about. A cask that stands beside the formula since then goes with it;
 * one that stood there already when the formula was recorded, and of which the pin says nothing, is not changed.
 * @param from the version that is left
 */
export async function governedFiles(location: FileLocation, pin: FilePin, from: string): Promise<GovernedFiles> {
  const there = Object.fromEntries([...location.files].map(([path, { blob }]) => [path, blob]))
  const main = landingPath(location, pin, there)
  const others = Object.keys(there).filter((path) => path !== main)
  if (others.length === 0 || pin.files !== undefined) return { main, files: there }
  const then = await filesThen(location, pin)
  const governed = others.filter((path) =>
    then === undefined ? hasVersion(location, path, from) : !stoodThen(location, then, pin, path),
  )
  return {
    main,
    files: Object.fromEntries(Object.entries(there).filter(([path]) => path === main || governed.includes(path))),
  }
}

/** Where the pin's own file goes: to a place where clients look in the repository as it is now. */
function landingPath(location: FileLocation, pin: FilePin, there: PackageFiles): string {
  const { format, ref, options, tree } = location
  const path = mainPath(format, pin, there, options)
  if (options.path !== undefined || Object.hasOwn(there, path)) return path
  const isFound = (one: string): boolean => format.filesOf(ref.name, [...tree.keys(), one]).includes(one)
  const sameKind = format.pathsOf(ref.name).filter((one) => format.kindOfPath?.(one) === format.kindOfPath?.(path))
  return [path, ...sameKind].find(isFound) ?? path
}

/** The files of the package when the pin was taken; `undefined` when that is no longer known. */
async function filesThen(location: FileLocation, { commit }: FilePin): Promise<ReadonlySet<string> | undefined> {
  if (commit === undefined) return undefined
  try {
    return new Set((await readFilesAt(location, commit)).keys())
  } catch (error) {
    if (error instanceof BagboyError && error.code === 'REGISTRY_NOT_FOUND') return undefined
    throw error
  }
}

function stoodThen({ format }: FileLocation, then: ReadonlySet<string>, pin: FilePin, path: string): boolean {
  const kind = format.kindOfPath?.(path)
  return then.has(path) || [...then].some((one) => one !== pin.path && format.kindOfPath?.(one) === kind)
}

function hasVersion({ format, files, contents }: FileLocation, path: string, version: string): boolean {
  const content = contents.get(files.get(path)?.blob ?? '')
  const found = content && format.parseVersion(decode(content))
  return found !== undefined && sameVersion(found, version)
}
