import { own } from '../../../domain/text/own.ts'
import { sameJson, type Json, type JsonObject } from '../../../domain/text/json.ts'
import type { AnyDriver } from '../../../registries/driver.ts'

/**
 * Where a pointer is between two known states. `between`: every part of it has one of the two values, which is what a
 * step that was cut off between its actions leaves behind.
 */
export type PointerState = 'before' | 'want' | 'between' | 'other'

/** Pure. When `before` and `want` are equal the answer is `want`. The driver may know more of what lies between. */
export function comparePointer(
  observed: Json,
  before: Json,
  want: Json,
  driver: Pick<AnyDriver, 'isIntermediate'> = {},
): PointerState {
  if (sameJson(observed, want)) return 'want'
  if (sameJson(observed, before)) return 'before'
  const isIntermediate = isBetween(observed, before, want) || driver.isIntermediate?.(observed, before, want) === true
  return isIntermediate ? 'between' : 'other'
}

function isBetween(observed: Json, before: Json, want: Json): boolean {
  if (sameJson(observed, want) || sameJson(observed, before)) return true
  if (!isObject(observed) || !isObject(before) || !isObject(want)) return false
  const keys = new Set([...Object.keys(observed), ...Object.keys(before), ...Object.keys(want)])
  return [...keys].every((key) =>
    isBetween(own(observed, key) ?? null, own(before, key) ?? null, own(want, key) ?? null),
  )
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
