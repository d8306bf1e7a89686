import type { Json } from '../../domain/text/json.ts'
import { resolvePlain } from '../../yaml/resolve-plain.ts'

/** Where a parser stands in a text; the functions move it on. */
export interface Cursor {
  readonly text: string
  at: number
  /** End of the current line without its line break. */
  end: number
}

const SIMPLE_START = /[A-Za-z0-9_./+~$-]/u
const FLOW_PLAIN = /[A-Za-z0-9_][A-Za-z0-9_./+-]*/uy
const FLOW_KEY = /[A-Za-z_][A-Za-z0-9_.-]*(?=: )/uy
const QUOTED_FLOW_KEY = /"[^"\\\n]*"(?=: )/uy
const NUMBER_START = /[0-9.]/u
const MAX_FLOW_DEPTH = 16

const [SPACE, TAB, HASH, COLON, COMMA] = [0x20, 0x09, 0x23, 0x3a, 0x2c]
const [DOUBLE, SINGLE, OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [0x22, 0x27, 0x5b, 0x5d, 0x7b, 0x7d]

/** A value that ends on its line, with any comment behind it. `undefined` declines: another parser may accept it. */
export function readInline(cursor: Cursor): Json | undefined {
  const code = cursor.text.charCodeAt(cursor.at)
  if (code === DOUBLE || code === SINGLE || code === OPEN_LIST || code === OPEN_MAP) {
    const value = readMarked(cursor, code, 0)
    return value !== undefined && endsLine(cursor) ? value : undefined
  }
  return readPlain(cursor)
}

/** Whether nothing but spaces and a comment is left on the line. */
export function endsLine(cursor: Cursor): boolean {
  const { text, end } = cursor
  let at = cursor.at
  while (at < end && text.charCodeAt(at) === SPACE) at += 1
  return at === end || (text.charCodeAt(at) === HASH && at > cursor.at)
}

function readMarked(cursor: Cursor, code: number, depth: number): Json | undefined {
  if (code === DOUBLE) return readDoubleQuoted(cursor)
  if (code === SINGLE) return readSingleQuoted(cursor)
  if (depth >= MAX_FLOW_DEPTH) return undefined
  return code === OPEN_LIST ? readFlowList(cursor, depth) : readFlowMap(cursor, depth)
}

function readDoubleQuoted(cursor: Cursor): string | undefined {
  const { text, at, end } = cursor
  let close = text.indexOf('"', at + 1)
  const backslash = text.indexOf('\\', at + 1)
  if (backslash !== -1 && backslash < close) {
    close = backslash
    while (close < end && text.charCodeAt(close) !== DOUBLE) close += text.charAt(close) === '\\' ? 2 : 1
    if (close >= end) return undefined
    cursor.at = close + 1
    return unescape(text.slice(at, close + 1))
  }
  if (close === -1 || close >= end) return undefined
  cursor.at = close + 1
  return text.slice(at + 1, close)
}

// An expression over the whole of the text would need a stack as long as it is.
// oxlint-disable-next-line no-control-regex -- control characters are refused here
const ESCAPE_OR_FAULT = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|["\\\u0000-\u001f]/gu

// JSON's escapes mean the same in YAML; any other escape is left to the full parser.
function unescape(quoted: string): string | undefined {
  for (const [piece] of quoted.slice(1, -1).matchAll(ESCAPE_OR_FAULT)) if (piece.length === 1) return undefined
  return JSON.parse(quoted) as string
}

function readSingleQuoted(cursor: Cursor): string | undefined {
  const close = cursor.text.indexOf("'", cursor.at + 1)
  if (close === -1 || close >= cursor.end || cursor.text.charCodeAt(close + 1) === SINGLE) return undefined
  const value = cursor.text.slice(cursor.at + 1, close)
  cursor.at = close + 1
  return value
}

function readPlain(cursor: Cursor): Json | undefined {
  const { text, at, end } = cursor
  if (!SIMPLE_START.test(text.charAt(at))) return undefined
  if (text.charAt(at) === '-' && !NUMBER_START.test(text.charAt(at + 1))) return undefined
  let last = at
  for (let index = at; index < end; index += 1) {
    const code = text.charCodeAt(index)
    if (code === TAB) return undefined
    if (code === COLON && (index + 1 === end || text.charCodeAt(index + 1) === SPACE)) return undefined
    if (code === HASH && text.charCodeAt(index - 1) === SPACE) break
    if (code !== SPACE) last = index
  }
  cursor.at = end
  return resolvePlain(text.slice(at, last + 1))
}

function readFlowList(cursor: Cursor, depth: number): Json | undefined {
  const items: Json[] = []
  cursor.at += 1
  skipSpaces(cursor)
  if (cursor.text.charCodeAt(cursor.at) === CLOSE_LIST) return closed(cursor, items)
  while (cursor.at < cursor.end) {
    const item = readFlowValue(cursor, depth)
    if (item === undefined) return undefined
    items.push(item)
    const next = afterItem(cursor, CLOSE_LIST)
    if (next === 'end') return items
    if (next === 'other') return undefined
  }
  return undefined
}

function readFlowMap(cursor: Cursor, depth: number): Json | undefined {
  const map: Record<string, Json> = {}
  cursor.at += 1
  skipSpaces(cursor)
  if (cursor.text.charCodeAt(cursor.at) === CLOSE_MAP) return closed(cursor, map)
  while (cursor.at < cursor.end) {
    const key = readFlowKey(cursor)
    // Also true for every name that objects inherit, `__proto__` first of all.
    if (key === undefined || map[key] !== undefined) return undefined
    cursor.at += 1
    skipSpaces(cursor)
    const value = readFlowValue(cursor, depth)
    if (value === undefined) return undefined
    map[key] = value
    const next = afterItem(cursor, CLOSE_MAP)
    if (next === 'end') return map
    if (next === 'other') return undefined
  }
  return undefined
}

function readFlowKey(cursor: Cursor): string | undefined {
  const pattern = cursor.text.charCodeAt(cursor.at) === DOUBLE ? QUOTED_FLOW_KEY : FLOW_KEY
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found === undefined) return undefined
  cursor.at += found.length
  return pattern === QUOTED_FLOW_KEY ? found.slice(1, -1) : found
}

function readFlowValue(cursor: Cursor, depth: number): Json | undefined {
  const code = cursor.text.charCodeAt(cursor.at)
  if (code === DOUBLE || code === SINGLE || code === OPEN_LIST || code === OPEN_MAP) {
    return readMarked(cursor, code, depth + 1)
  }
  FLOW_PLAIN.lastIndex = cursor.at
  const found = FLOW_PLAIN.exec(cursor.text)?.[0]
  if (found === undefined) return undefined
  cursor.at += found.length
  return resolvePlain(found)
}

// A comma, or the closing bracket; a plain text of several words is neither.
function afterItem(cursor: Cursor, close: number): 'item' | 'end' | 'other' {
  skipSpaces(cursor)
  const code = cursor.text.charCodeAt(cursor.at)
  if (cursor.at >= cursor.end || (code !== COMMA && code !== close)) return 'other'
  cursor.at += 1
  if (code === close) return 'end'
  skipSpaces(cursor)
  return 'item'
}

function closed<T>(cursor: Cursor, value: T): T {
  cursor.at += 1
  return value
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) === SPACE) cursor.at += 1
}
