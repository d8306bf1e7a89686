import type { Json } from '../domain/text/json.ts'
import type { LocationOf } from './location-of.ts'

/**
 * Keys of the format whose form is checked and that change nothing in this version. They stand in files that other
 * versions and the packager read, so they are no errors; every start and `config check` name those that are given.
 */
export const INERT_KEYS: readonly (readonly string[])[] = [
  ['strategy'],
  ['history', 'protect'],
  ['history', 'capture'],
  ['rollback', 'reissue'],
]

/** In words, those of them that the file gives. Pure. */
export function inertKeysOf(deployment: Json, locationOf: LocationOf): readonly string[] {
  return INERT_KEYS.filter((path) => hasPath(deployment, path)).map(
    (path) => `${locationOf(path)}: ${path.join('.')} is not acted on by this version`,
  )
}

function hasPath(data: Json, path: readonly string[]): boolean {
  let value: Json = data
  for (const key of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) return false
    value = (value as Readonly<Record<string, Json>>)[key] ?? null
  }
  return true
}
