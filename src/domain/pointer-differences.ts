import { sameJson, type Json, type JsonObject } from './text/json.ts'

/** One part of a pointer that is not as it should be. `null` = there is no such part. */
export interface PointerDifference {
  /** `['tags', 'stable']` */
  readonly path: readonly string[]
  readonly expected: Json
  readonly observed: Json
}

export interface PointerComparison {
  readonly differences: readonly PointerDifference[]
  /** How many parts both of them have: without any, nothing was compared. */
  readonly comparedCount: number
}

/**
 * Holds a pointer that was read against one that is expected, part by part. A part that was not requested, because its
 * object is there without it, is not compared; one whose whole object is gone is. Pure.
 */
export function comparePointers(expected: Json, observed: Json): PointerComparison {
  return compareParts(expected, observed, [])
}

function compareParts(expected: Json, observed: Json, path: readonly string[]): PointerComparison {
  if (!isObject(expected)) {
    const isSame = sameJson(expected, observed)
    return { differences: isSame ? [] : [{ path, expected, observed }], comparedCount: 1 }
  }
  const there = isObject(observed) ? new Map(Object.entries(observed)) : undefined
  const parts = Object.entries(expected).flatMap(([key, value]) => {
    const isAsked = there === undefined || there.has(key) || isObject(value)
    return isAsked ? [compareParts(value, there?.get(key) ?? null, [...path, key])] : []
  })
  return {
    differences: parts.flatMap(({ differences }) => differences),
    comparedCount: parts.reduce((sum, part) => sum + part.comparedCount, 0),
  }
}

/** The value at a path; `null` when there is none. Pure. */
export function partAt(pointer: Json, path: readonly string[]): Json {
  return path.reduce<Json>((value, key) => {
    if (!isObject(value) || !Object.hasOwn(value, key)) return null
    return value[key] ?? null
  }, pointer)
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
