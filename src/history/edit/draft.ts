import type { Hold } from '../../domain/deployment.ts'
import type { Json, JsonObject } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { ParsedHistory } from '../read/parse-history.ts'
import type { Piece } from '../read/scan-history.ts'
import type { ParsedEntry } from '../read/to-history.ts'

/** One piece of a document while it is edited. */
export interface DraftPiece {
  readonly kind: Piece['kind']
  readonly key: string
  /** As it stands in the file; empty for a new piece. */
  readonly before: string
  /** Empty for a piece that goes. */
  readonly after: string
  /** Of a deployment: its id, and the entry it was read as; a new one has none. */
  readonly id?: number
  readonly entry?: ParsedEntry
  readonly hold?: Pick<Hold, 'version' | 'environment'>
  /** What a new or changed item must read as. */
  readonly expected?: JsonObject
}

/** A document between two revisions. Edits take one and give the next. */
export interface Draft {
  readonly pieces: readonly DraftPiece[]
  readonly columns: Readonly<Record<string, number>>
  readonly eol: string
  /** Top-level keys the commit adds. */
  readonly added: Readonly<Record<string, Json>>
}

const DEFAULT_COLUMN = 2

/** @throws HISTORY_INVALID when the file is written in a way that splices cannot be made in. */
export function startDraft(label: string, parsed: ParsedHistory): Draft {
  const { document, history, entries } = parsed
  if (!document) {
    throw new BagboyError('HISTORY_INVALID', `${label}:1:1: the file can be read but not added to as it is written`, {
      hint: 'Write "deployments:" as a list of blocks, one entry after "- " each, and try again.',
    })
  }
  const counts = { deployments: 0, held: 0 }
  const pieces = document.pieces.map((piece): DraftPiece => {
    const draft = { kind: piece.kind, key: piece.key, before: piece.text, after: piece.text }
    if (piece.kind !== 'item') return draft
    if (piece.key === 'held') {
      const hold = history.held[counts.held++]
      return hold ? { ...draft, hold } : draft
    }
    const entry = entries[counts.deployments++]
    return entry ? { ...draft, id: entry.deployment.id, entry } : draft
  })
  return { pieces, columns: document.columns, eol: document.eol, added: {} }
}

export function columnOf(draft: Draft, key: string): number {
  return draft.columns[key] ?? DEFAULT_COLUMN
}

export function draftText(draft: Draft): string {
  return draft.pieces.map(({ after }) => after).join('')
}

/** The piece of a deployment that is still there. */
export function findEntry(draft: Draft, id: number): number {
  return draft.pieces.findIndex((piece) => piece.id === id && piece.after !== '')
}

export function withPiece(draft: Draft, index: number, piece: DraftPiece): Draft {
  return { ...draft, pieces: draft.pieces.with(index, piece) }
}

/** Puts a new entry in front of a list, making the list where there is none. */
export function addFirst(draft: Draft, piece: DraftPiece): Draft {
  const { pieces } = draft
  const first = pieces.findIndex(({ kind, key, after }) => kind === 'item' && key === piece.key && after !== '')
  if (first !== -1) return { ...draft, pieces: pieces.toSpliced(first, 0, piece) }
  const head = pieces.findIndex(({ kind, key }) => kind === 'head' && key === piece.key)
  if (head === -1) {
    const opened: DraftPiece = { kind: 'head', key: piece.key, before: '', after: `${piece.key}:${draft.eol}` }
    return { ...draft, pieces: [...endLine(pieces, pieces.length - 1, draft.eol), opened, piece] }
  }
  const emptied = pieces.map((other, index) => (index === head ? { ...other, after: openList(other.after) } : other))
  return { ...draft, pieces: endLine(emptied, head, draft.eol).toSpliced(head + 1, 0, piece) }
}

// `deployments: []` and `deployments: null` become the line that opens a block list.
function openList(text: string): string {
  return text.replace(/^((?:[ ]*(?:#[^\n]*|\r)?\n)*[\w.-]+:) +(?:\[ *\]|null|~)/u, '$1')
}

// A last line without a line break gets one before something is written behind it.
function endLine(pieces: readonly DraftPiece[], index: number, eol: string): readonly DraftPiece[] {
  return pieces.map((piece, at) =>
    at === index && !piece.after.endsWith('\n') && /[^\uFEFF]/u.test(piece.after)
      ? { ...piece, after: piece.after + eol }
      : piece,
  )
}
