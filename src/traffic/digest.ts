import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '../domain/text/json.ts'

/** A short name for a value: equal values have the same, different ones do not. Pure. */
export function digestOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16)
}
