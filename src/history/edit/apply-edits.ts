import { createHash } from 'node:crypto'
import { archiveEntries, type Archive } from '../archive-entries.ts'
import { draftText, startDraft, type Draft, type DraftPiece } from './draft.ts'
import { addHold, insertEntry, liftHold, replaceEntry, setEntryKey } from './edit-draft.ts'
import { HISTORY_SCHEMA } from '../history-schema.ts'
import type { ParsedHistory } from '../read/parse-history.ts'
import { restoreEntry } from './restore-entry.ts'
import { impliedStatus } from '../read/to-history.ts'
import type { CommitNote, HistoryEdit } from '../history-edit.ts'

export interface EditRequest {
  /** The file as people should see it in errors. */
  readonly label: string
  readonly parsed: ParsedHistory
  readonly edits: readonly HistoryEdit[]
  readonly note: CommitNote
  /** The highest id that was ever given away. */
  readonly lastId: number
}

export interface EditedDraft {
  readonly draft: Draft
  readonly archives: readonly Archive[]
  /** Of the last inserted entry. */
  readonly insertedId: number | null
  readonly lastId: number
}

/**
 * All edits of a commit on one document, one after the other. Pure.
 * @throws HISTORY_CHANGED for an entry or hold that is not there, HISTORY_INVALID where no splice can be made
 */
export function applyEdits({ label, parsed, edits, note, lastId }: EditRequest): EditedDraft {
  const start = startDraft(label, parsed)
  const highest = parsed.history.deployments.reduce((most, { id }) => Math.max(most, id), lastId)
  const before: EditedDraft = { draft: start, archives: [], insertedId: null, lastId: highest }
  const after = edits.reduce((state, edit) => applyEdit(state, edit, label), before)
  const edited = { ...after, draft: writeStatuses(after.draft, parsed) }
  const hasChanged = edited.draft.pieces.some(({ before, after }) => before !== after)
  return hasChanged && parsed.schema === undefined
    ? { ...edited, draft: addHeader(edited.draft, parsed, note) }
    : edited
}

function applyEdit(state: EditedDraft, edit: HistoryEdit, label: string): EditedDraft {
  const { draft, archives, lastId } = state
  switch (edit.kind) {
    case 'insert':
      return {
        ...state,
        draft: insertEntry(draft, edit.deployment, lastId + 1),
        insertedId: lastId + 1,
        lastId: lastId + 1,
      }
    case 'replace':
      return { ...state, draft: replaceEntry(draft, edit.id, edit.deployment) }
    case 'set-status':
      return { ...state, draft: setEntryKey(draft, edit.id, { key: 'status', value: edit.status }) }
    case 'set-pinned':
      return { ...state, draft: setEntryKey(draft, edit.id, { key: 'pinned', value: edit.pinned }) }
    case 'hold':
      return { ...state, draft: addHold(draft, edit.hold) }
    case 'lift-hold':
      return { ...state, draft: liftHold(draft, edit) }
    case 'restore':
      return { ...state, draft: edit.texts.reduce(restoreEntry, draft) }
    case 'archive': {
      const archived = archiveEntries(draft, edit.ids, label)
      return archived ? { ...state, draft: archived.draft, archives: [...archives, archived.archive] } : state
    }
  }
}

/** An absent status depends on being the first entry: where that changes, the status it had is written down. */
function writeStatuses(draft: Draft, parsed: ParsedHistory): Draft {
  const left = draft.pieces.filter(({ key, kind, after }) => key === 'deployments' && kind === 'item' && after !== '')
  const isMoved = (first: DraftPiece | undefined) =>
    first?.entry !== undefined &&
    first.entry.deployment.status !== impliedStatus(left.indexOf(first) === 0) &&
    !first.entry.hasStatus &&
    first.expected?.['status'] === undefined
  const wasFirst = left.find(({ id }) => id === parsed.history.deployments[0]?.id)
  return [...new Set([left[0], wasFirst])]
    .filter(isMoved)
    .reduce(
      (next, piece) =>
        piece?.entry
          ? setEntryKey(next, piece.entry.deployment.id, { key: 'status', value: piece.entry.deployment.status })
          : next,
      draft,
    )
}

/** `schema` and `lineage` at the top: behind a byte order mark or the line of a document's start, before all else. */
function addHeader(draft: Draft, parsed: ParsedHistory, note: CommitNote): Draft {
  const lineage = parsed.lineage === undefined ? lineageOf(draft, note) : undefined
  const added = { schema: HISTORY_SCHEMA, ...(lineage === undefined ? {} : { lineage }) }
  const lines = [`schema: ${HISTORY_SCHEMA}`, ...(lineage === undefined ? [] : [`lineage: "${lineage}"`]), '']
  const header = lines.join(draft.eol)
  const [first, ...rest] = draft.pieces
  if (first?.kind !== 'between') {
    const piece = { kind: 'section', key: 'schema', before: '', after: header } as const
    return { ...draft, added, pieces: [piece, ...draft.pieces] }
  }
  const prefix = /^\uFEFF?(?:(?:[^\n]*\n)*?---[^\n]*(?:\n|$))?/u.exec(first.after)?.[0] ?? ''
  const end = prefix === '' || prefix.endsWith('\n') || prefix === '\uFEFF' ? '' : draft.eol
  const after = prefix + end + header + first.after.slice(prefix.length)
  return { ...draft, added, pieces: [{ ...first, after }, ...rest] }
}

// From what only this commit holds, so that the same run writes the same bytes wherever it is repeated.
function lineageOf(draft: Draft, note: CommitNote): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([note, draftText(draft)]))
    .digest('hex')
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')
}
