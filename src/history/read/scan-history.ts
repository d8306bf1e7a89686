/** A run of whole lines; a document is its pieces joined, byte for byte. */
export interface Piece {
  /** `section`: a top-level key and its value · `head`: the line that opens a list · `item`: one entry of it. */
  readonly kind: 'between' | 'section' | 'head' | 'item'
  /** The top-level key it belongs to; empty before the first. */
  readonly key: string
  readonly text: string
}

/** A history that is written as blocks, which is what splices can be made in. */
export interface HistoryDocument {
  readonly eol: '\n' | '\r\n'
  readonly pieces: readonly Piece[]
  /** The column of the dashes of each list that has items. */
  readonly columns: Readonly<Record<string, number>>
}

const LISTS: ReadonlySet<string> = new Set(['deployments', 'held'])
const KEY = /([A-Za-z_][\w.-]*):(?=[ \r\n]|$)/uy
const LIST_OPENS = / *(?:#[^\n]*)?\r?(?:\n|$)/uy
const LIST_EMPTY = / +(?:\[ *\]|null|~)(?: *| +#[^\n]*)\r?(?:\n|$)/uy
const LONE_RETURN = /\r(?!\n)/u

const [NEWLINE, RETURN, SPACE, HASH, DASH] = [0x0a, 0x0d, 0x20, 0x23, 0x2d]

interface Scan {
  readonly text: string
  readonly pieces: Piece[]
  readonly columns: Record<string, number>
  readonly seen: Set<string>
  kind: Piece['kind']
  key: string
  pieceStart: number
  /** Of the list whose entry this piece is; -1 elsewhere. */
  itemColumn: number
  /** An empty list may have no lines of its own. */
  isClosed: boolean
  hasStart: boolean
  /** Start of the comment lines right above, without a blank line between; -1 when there are none. */
  commentStart: number
  commentIndent: number
}

/**
 * Cuts a history into pieces by its line starts alone: linear, and without understanding the values. Comments
 * right above an entry go with it. `undefined` when the file is written in a way this cannot tell apart.
 */
export function scanHistory(text: string): HistoryDocument | undefined {
  if (text.includes('\r') && LONE_RETURN.test(text)) return undefined
  const scan: Scan = {
    text,
    pieces: [],
    columns: {},
    seen: new Set(),
    kind: 'between',
    key: '',
    pieceStart: 0,
    itemColumn: -1,
    isClosed: false,
    hasStart: false,
    commentStart: -1,
    commentIndent: 0,
  }
  let lineStart = text.startsWith('\uFEFF') ? 1 : 0
  while (lineStart < text.length) {
    const newline = text.indexOf('\n', lineStart)
    const lineEnd = newline === -1 ? text.length : newline + 1
    // Nearly every line: deeper than the dash of its entry, regardless of its content.
    if (isInside(scan, lineStart)) scan.commentStart = -1
    else if (!takeLine(scan, lineStart, lineEnd)) return undefined
    lineStart = lineEnd
  }
  closePiece(scan, text.length)
  const isWindows = text.indexOf('\r\n') !== -1 && text.indexOf('\r\n') === text.indexOf('\n') - 1
  return { eol: isWindows ? '\r\n' : '\n', pieces: scan.pieces, columns: scan.columns }
}

function isInside({ text, itemColumn }: Scan, lineStart: number): boolean {
  if (itemColumn === -1) return false
  for (let at = lineStart; at <= lineStart + itemColumn; at += 1) if (text.charCodeAt(at) !== SPACE) return false
  return true
}

function takeLine(scan: Scan, lineStart: number, lineEnd: number): boolean {
  let at = lineStart
  while (scan.text.charCodeAt(at) === SPACE) at += 1
  const code = scan.text.charCodeAt(at)
  if (at >= lineEnd || code === NEWLINE || code === RETURN) {
    scan.commentStart = -1
    return true
  }
  const indent = at - lineStart
  if (code === HASH) {
    if (scan.commentStart === -1) [scan.commentStart, scan.commentIndent] = [lineStart, indent]
    else scan.commentIndent = Math.max(scan.commentIndent, indent)
    return true
  }
  const isTaken = takeContent(scan, lineStart, indent)
  scan.commentStart = -1
  return isTaken
}

function takeContent(scan: Scan, lineStart: number, indent: number): boolean {
  const isList = LISTS.has(scan.key)
  const column = isList ? scan.columns[scan.key] : undefined
  if (isList && !scan.isClosed && isListDash(scan.text, lineStart + indent)) {
    if (scan.kind === 'head') {
      scan.columns[scan.key] = indent
      openPiece(scan, startOf(scan, lineStart, scan.commentIndent), 'item', scan.key)
      return true
    }
    if (indent === column) {
      openPiece(scan, startOf(scan, lineStart, indent), 'item', scan.key)
      return true
    }
  }
  if (indent === 0) return takeKey(scan, lineStart)
  return scan.kind === 'section' || (scan.kind === 'item' && column !== undefined && indent > column)
}

function takeKey(scan: Scan, lineStart: number): boolean {
  if (
    !scan.hasStart &&
    scan.key === '' &&
    /---[ ]*(?:#[^\n]*)?\r?(?:\n|$)/uy.test(scan.text.slice(lineStart, lineStart + 500))
  ) {
    scan.hasStart = true
    return true
  }
  KEY.lastIndex = lineStart
  const key = KEY.exec(scan.text)?.[1]
  if (key === undefined || scan.seen.has(key)) return false
  scan.seen.add(key)
  openPiece(scan, startOf(scan, lineStart, 0), LISTS.has(key) ? 'head' : 'section', key)
  scan.isClosed = false
  if (!LISTS.has(key)) return true
  const valueAt = lineStart + key.length + 1
  LIST_OPENS.lastIndex = valueAt
  if (LIST_OPENS.test(scan.text)) return true
  LIST_EMPTY.lastIndex = valueAt
  scan.isClosed = LIST_EMPTY.test(scan.text)
  return scan.isClosed
}

function isListDash(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== DASH) return false
  const next = text.charCodeAt(at + 1)
  return next === SPACE || next === NEWLINE || next === RETURN || at + 1 === text.length
}

function startOf(scan: Scan, lineStart: number, indent: number): number {
  return scan.commentStart !== -1 && scan.commentIndent <= indent ? scan.commentStart : lineStart
}

function openPiece(scan: Scan, start: number, kind: Piece['kind'], key: string): void {
  closePiece(scan, start)
  scan.kind = kind
  scan.key = key
  scan.itemColumn = kind === 'item' ? (scan.columns[key] ?? -1) : -1
}

function closePiece(scan: Scan, end: number): void {
  if (end > scan.pieceStart) {
    scan.pieces.push({ kind: scan.kind, key: scan.key, text: scan.text.slice(scan.pieceStart, end) })
  }
  scan.pieceStart = end
}
