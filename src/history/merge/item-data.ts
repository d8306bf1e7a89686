import type { JsonObject } from '../../domain/text/json.ts'
import { readItem } from '../read/read-piece.ts'

/** The keys and values of one entry; none for a text that is none. Pure. */
export function dataOf(text: string): JsonObject {
  const read = readItem(text)
  const data = 'data' in read ? read.data : null
  return data !== null && typeof data === 'object' && !Array.isArray(data) ? (data as JsonObject) : {}
}
