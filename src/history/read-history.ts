import type { Json, JsonObject } from '../domain/json.ts'
import type { YamlPath } from '../yaml/yaml-places.ts'
import type { YamlProblem } from '../yaml/yaml-problem.ts'
import { invalidHistory } from './history-error.ts'
import type { DeploymentData } from './history-schema.ts'
import { placeInItem, readHand, readItem, readSection } from './read-piece.ts'
import { scanHistory, type HistoryDocument, type Piece } from './scan-history.ts'

/** Entries that were checked before, by the text of their pieces. */
export type KnownEntries = ReadonlyMap<string, DeploymentData>

/** Plain data of a whole history file, and where its parts stand. */
export interface HistoryReading {
  /** `undefined` when the file can be read, but is written in a way that splices cannot be made in. */
  readonly document: HistoryDocument | undefined
  /** The top-level keys that are no lists of ours. */
  readonly head: JsonObject
  /** Newest first, as they stand; the known ones as they were checked. */
  readonly entries: readonly (Json | DeploymentData)[]
  /** The text of each entry's piece; empty without a document. */
  readonly texts: readonly string[]
  readonly held: readonly Json[]
  readonly offsetOf: (path: YamlPath, part: 'key' | 'value') => number
}

interface Placed {
  readonly piece: Piece
  readonly offset: number
}

interface Lists {
  readonly deployments: { readonly data: (Json | DeploymentData)[]; readonly pieces: Placed[] }
  readonly held: { readonly data: Json[]; readonly pieces: Placed[] }
}

/**
 * Piece by piece, the fast parser first; the whole text at once only where it cannot be cut up.
 * @throws HISTORY_INVALID
 */
export function readHistory(label: string, text: string, known?: KnownEntries): HistoryReading {
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
  known: KnownEntries | undefined,
): HistoryReading | { readonly problem: YamlProblem } {
  const head: Record<string, Json> = {}
  const lists: Lists = { deployments: { data: [], pieces: [] }, held: { data: [], pieces: [] } }
  let offset = 0
  for (const piece of document.pieces) {
    const problem = takePiece({ piece, offset }, head, lists, known)
    if (problem) return { problem: { ...problem, offset: problem.offset + offset } }
    offset += piece.text.length
  }
  return {
    document,
    head,
    entries: lists.deployments.data,
    texts: lists.deployments.pieces.map(({ piece }) => piece.text),
    held: lists.held.data,
    offsetOf: (path, part) => placeOf(document, lists, path, part),
  }
}

function takePiece(
  placed: Placed,
  head: Record<string, Json>,
  lists: Lists,
  known: KnownEntries | undefined,
): YamlProblem | undefined {
  const { piece } = placed
  if (piece.kind === 'section') {
    const read = readSection(piece.text)
    if ('problem' in read) return read.problem
    Object.assign(head, read.data)
  }
  if (piece.kind !== 'item') return undefined
  const checked = piece.key === 'deployments' ? known?.get(piece.text) : undefined
  if (checked) lists.deployments.data.push(checked)
  else {
    const read = readItem(piece.text)
    if ('problem' in read) return read.problem
    ;(piece.key === 'held' ? lists.held : lists.deployments).data.push(read.data)
  }
  ;(piece.key === 'held' ? lists.held : lists.deployments).pieces.push(placed)
  return undefined
}

function placeOf(document: HistoryDocument, lists: Lists, path: YamlPath, part: 'key' | 'value'): number {
  const [list, index, ...rest] = path
  const placed = (list === 'held' ? lists.held : lists.deployments).pieces[Number(index)]
  if (placed && index !== undefined) return placed.offset + placeInItem(placed.piece.text, rest, part)
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
  return { document: undefined, head, entries, texts: [], held, offsetOf: (path, part) => whole.offsetOf(path, part) }
}
