import type { Json } from '../../domain/text/json.ts'
import { endsLine, readInline, type Cursor } from './canonical-scalar.ts'

interface LineCursor extends Cursor {
  /** Column of the first character of the current line's content; -1 when no line is left. */
  indent: number
  next: number
}

const QUOTED_KEY = /"[^"\\\n]*":(?=[ \r\n]|$)/uy
const MAX_DEPTH = 32
const [NEWLINE, RETURN, SPACE, HASH, DASH, COLON, NINE] = [0x0a, 0x0d, 0x20, 0x23, 0x2d, 0x3a, 0x39]

/**
 * Parses the part of YAML that we write, and what people write like it: block maps and lists, values that end on their
 * line. Anything else gives `undefined`, never a guess: everything that this accepts, the full parser reads the same (a
 * fuzz test holds the two against each other).
 */
export function parseCanonical(text: string): Json | undefined {
  const cursor: LineCursor = { text, at: 0, end: 0, indent: 0, next: 0 }
  nextLine(cursor)
  if (cursor.indent === -1) return undefined
  const value = readBlock(cursor, 0)
  return cursor.indent === -1 ? value : undefined
}

function nextLine(cursor: LineCursor): void {
  const { text } = cursor
  while (cursor.next < text.length) {
    const start = cursor.next
    const newline = text.indexOf('\n', start)
    cursor.next = newline === -1 ? text.length : newline + 1
    let end = newline === -1 ? text.length : newline
    if (end > start && text.charCodeAt(end - 1) === RETURN && newline !== -1) end -= 1
    let at = start
    while (at < end && text.charCodeAt(at) === SPACE) at += 1
    if (at < end && text.charCodeAt(at) !== HASH) {
      cursor.at = at
      cursor.end = end
      cursor.indent = at - start
      return
    }
  }
  cursor.indent = -1
}

function readBlock(cursor: LineCursor, depth: number): Json | undefined {
  if (depth > MAX_DEPTH) return undefined
  return isDash(cursor) ? readList(cursor, depth) : readMap(cursor, depth)
}

function readMap(cursor: LineCursor, depth: number): Json | undefined {
  const map: Record<string, Json> = {}
  const column = cursor.indent
  do {
    const key = readKey(cursor)
    // Also true for every name that objects inherit, `__proto__` first of all.
    if (key === undefined || map[key] !== undefined) return undefined
    const value = readValue(cursor, column, depth)
    if (value === undefined) return undefined
    map[key] = value
  } while (cursor.indent === column)
  return cursor.indent > column ? undefined : map
}

function readKey(cursor: LineCursor): string | undefined {
  const { text, at } = cursor
  const colon = plainKeyEnd(cursor)
  if (colon !== -1) {
    cursor.at = colon + 1
    return keyBetween(text, at, colon)
  }
  QUOTED_KEY.lastIndex = at
  const key = QUOTED_KEY.exec(text)?.[0]
  if (key === undefined) return undefined
  cursor.at += key.length
  return key.slice(1, -2)
}

// A few dozen keys stand in a history a million times over; one string for each spares hashing the others.
const KEYS: string[] = []

function keyBetween(text: string, start: number, end: number): string {
  const slot = (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + (end - start)) & 255
  const seen = KEYS[slot]
  if (seen !== undefined && seen.length === end - start && text.startsWith(seen, start)) return seen
  const key = text.slice(start, end)
  KEYS[slot] = key
  return key
}

/** Where the colon of an unquoted key stands; -1 when there is none here. */
function plainKeyEnd({ text, at, end }: LineCursor): number {
  if (!isKeyCode(text.charCodeAt(at)) || text.charCodeAt(at) <= NINE) return -1
  let colon = at + 1
  while (isKeyCode(text.charCodeAt(colon))) colon += 1
  if (text.charCodeAt(colon) !== COLON) return -1
  return colon + 1 === end || text.charCodeAt(colon + 1) === SPACE ? colon : -1
}

// Letters, digits, `_`, `.` and `-`; of these only letters and `_` are above the digits.
function isKeyCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x5f ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= NINE) ||
    code === 0x2d ||
    code === 0x2e
  )
}

function readValue(cursor: LineCursor, column: number, depth: number): Json | undefined {
  if (endsLine(cursor)) {
    nextLine(cursor)
    if (cursor.indent > column) return readBlock(cursor, depth + 1)
    return cursor.indent === column && isDash(cursor) ? readList(cursor, depth + 1) : null
  }
  while (cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at += 1
  const value = readInline(cursor)
  if (value !== undefined) nextLine(cursor)
  return value
}

function readList(cursor: LineCursor, depth: number): Json | undefined {
  if (depth > MAX_DEPTH) return undefined
  const items: Json[] = []
  const column = cursor.indent
  do {
    const item = readItem(cursor, depth)
    if (item === undefined || cursor.indent > column) return undefined
    items.push(item)
  } while (cursor.indent === column && isDash(cursor))
  return items
}

function readItem(cursor: LineCursor, depth: number): Json | undefined {
  const dash = cursor.at
  cursor.at += 1
  while (cursor.at < cursor.end && cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at += 1
  if (cursor.at === dash + 1 || cursor.at >= cursor.end) return undefined
  if (plainKeyEnd(cursor) !== -1) {
    cursor.indent += cursor.at - dash
    return readMap(cursor, depth + 1)
  }
  const value = readInline(cursor)
  if (value !== undefined) nextLine(cursor)
  return value
}

function isDash(cursor: LineCursor): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== DASH) return false
  const next = cursor.text.charCodeAt(cursor.at + 1)
  return next === SPACE || next === NEWLINE || next === RETURN
}
