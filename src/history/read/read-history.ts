import type { Json, JsonObject } from '../../domain/text/json.ts'
import type { YamlPath } from '../../yaml/yaml-path.ts'
import type { YamlProblem } from '../../yaml/yaml-problem.ts'
import { invalidHistory } from '../history-error.ts'
import type { ParsedEntry } from './to-history.ts'
import { matchKnown, type KnownEntry } from './known-entries.ts'
import { offsetInItem, readHand, readItem, readSection } from './read-piece.ts'
import { scanHistory, type HistoryDocument, type Piece } from './scan-history.ts'

/** One entry: as it was checked before, or its plain data. */
export interface EntryReading {
  readonly known: ParsedEntry | undefined
  readonly data: Json
  /** Of its piece; empty without a document. */
  readonly text: string
}

/** Plain data of a whole history file, and where its parts stand. */
export interface HistoryReading {
  /** `undefined` when the file can be read, but is written in a way that splices cannot be made in. */
  readonly document: HistoryDocument | undefined
  /** The top-level keys that are no lists of ours. */
  readonly head: JsonObject
  /** In the order of the file. */
  readonly entries: readonly EntryReading[]
  readonly held: readonly Json[]
  readonly offsetOf: (path: YamlPath, part: 'key' | 'value') => number
}

interface LocatedPiece {
  readonly piece: Piece
  readonly offset: number
}

interface Lists {
  readonly deployments: { readonly data: EntryReading[]; readonly pieces: LocatedPiece[] }
  readonly held: { readonly data: Json[]; readonly pieces: LocatedPiece[] }
}

/**
 * Piece by piece, the fast parser first; the whole text at once only where it cannot be cut up.
 * @throws HISTORY_INVALID
 */
export function readHistory(label: string, text: string, known: readonly KnownEntry[] = []): HistoryReading {
  const document = scanHistory(text)
  if (!document) return readWhole(label, text)
  const reading = readPieces(document, known)
  if (!('problem' in reading)) return reading
  // Where the cut itself misled us, the whole text says so better.
  if (readHand(text).problem) throw invalidHistory(label, text, reading.problem)
  return readWhole(label, text)
}

function readPieces(
  document: HistoryDocument,
  known: readonly KnownEntry[],
): HistoryReading | { readonly problem: YamlProblem } {
  const head: Record<string, Json> = {}
  const lists: Lists = { deployments: { data: [], pieces: [] }, held: { data: [], pieces: [] } }
  const match = matchKnown(known)
  let offset = 0
  for (const piece of document.pieces) {
    const problem = takePiece({ piece, offset }, head, lists, match)
    if (problem) return { problem: { ...problem, offset: problem.offset + offset } }
    offset += piece.text.length
  }
  return {
    document,
    head,
    entries: lists.deployments.data,
    held: lists.held.data,
    offsetOf: (path, part) => locate(document, lists, path, part),
  }
}

function takePiece(
  located: LocatedPiece,
  head: Record<string, Json>,
  lists: Lists,
  match: ReturnType<typeof matchKnown>,
): YamlProblem | undefined {
  const { piece } = located
  if (piece.kind === 'section') {
    const read = readSection(piece.text)
    if ('problem' in read) return read.problem
    Object.assign(head, read.data)
  }
  if (piece.kind !== 'item') return undefined
  const list = piece.key === 'held' ? lists.held : lists.deployments
  list.pieces.push(located)
  const checked = list === lists.deployments ? match(piece.text) : undefined
  const read = checked ? { data: null } : readItem(piece.text)
  if ('problem' in read) return read.problem
  if (piece.key === 'held') lists.held.data.push(read.data)
  else lists.deployments.data.push({ known: checked, data: read.data, text: piece.text })
  return undefined
}

function locate(document: HistoryDocument, lists: Lists, path: YamlPath, part: 'key' | 'value'): number {
  const [list, index, ...rest] = path
  const located = (list === 'held' ? lists.held : lists.deployments).pieces[Number(index)]
  if (located && index !== undefined) return located.offset + offsetInItem(located.piece.text, rest, part)
  let offset = 0
  for (const piece of document.pieces) {
    if (piece.kind === 'section' && piece.key === list) return offset + piece.text.lastIndexOf(`${piece.key}:`)
    offset += piece.text.length
  }
  return 0
}

function readWhole(label: string, text: string): HistoryReading {
  const whole = readHand(text)
  if (whole.problem) throw invalidHistory(label, text, whole.problem)
  const { data } = whole
  if (data !== null && (typeof data !== 'object' || Array.isArray(data))) {
    const wrong = 'the file is not a map of keys'
    throw invalidHistory(label, text, { offset: 0, wrong, right: 'start it with "deployments:"' })
  }
  const head = (data ?? {}) as JsonObject
  const list = (key: string): readonly Json[] => {
    const value = head[key] ?? []
    if (Array.isArray(value)) return value as readonly Json[]
    const offset = whole.offsetOf([key])
    throw invalidHistory(label, text, { offset, wrong: `${key} is not a list`, right: 'start every entry with "- "' })
  }
  const [entries, held] = [list('deployments'), list('held')]
  return {
    document: undefined,
    head,
    entries: entries.map((data) => ({ known: undefined, data, text: '' })),
    held,
    offsetOf: (path, part) => whole.offsetOf(path, part),
  }
}
