import type { Json } from '../domain/text/json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { applyEdits, type EditedDraft } from './edit/apply-edits.ts'
import { checkEdited } from './edit/check-edited.ts'
import type { HistoryState } from './read/load-history.ts'
import { parseHistory, type ParsedHistory } from './read/parse-history.ts'
import { hashOf, idRanges, type Revision } from './revision.ts'
import { applySplices, splicesOf } from './edit/splices.ts'
import type { CommitNote, HistoryEdit } from './history-edit.ts'

/** A commit that is worked out and checked; nothing of it is written. */
export interface PreparedCommit {
  readonly edits: readonly HistoryEdit[]
  readonly note: CommitNote
  /** The highest id given away before it. */
  readonly lastId: number
  readonly edited: EditedDraft
  readonly parsed: ParsedHistory
  readonly bytes: Uint8Array
  /** Its archives are named when they are written. */
  readonly revision: Revision
}

export interface CommitRequest {
  readonly label: string
  readonly state: HistoryState
  readonly edits: readonly HistoryEdit[]
  readonly note: CommitNote
  /** Defaults to what the newest revision says. */
  readonly lastId?: number
}

/** `undefined` when the edits change nothing. @throws HISTORY_CHANGED, HISTORY_INVALID, BUG */
export function prepareCommit(request: CommitRequest): PreparedCommit | undefined {
  const prepared = prepareRevision(request)
  return prepared.revision.splices.length === 0 ? undefined : prepared
}

/** Also of no change at all. @throws as `prepareCommit` */
export function prepareRevision({ label, state, edits, note, ...rest }: CommitRequest): PreparedCommit {
  const { parsed: old, newest } = state
  const lastId = rest.lastId ?? newest?.lastId ?? 0
  const edited = applyEdits({ label, parsed: old, edits, note, lastId })
  const splices = splicesOf(edited.draft.pieces)
  const text = applySplices(old.text, splices)
  if (text === undefined) throw new BagboyError('BUG', `${label}: a change does not fit the text it was made for.`)
  const parsed = parseHistory(label, text, old.known)
  checkEdited(label, edited.draft, old, parsed)
  const bytes = Buffer.from(text, 'utf8')
  const revision: Revision = {
    v: 1,
    revision: (newest?.revision ?? 0) + 1,
    prev: state.loaded.hash,
    next: hashOf(bytes),
    size: bytes.length,
    splices: [...splices],
    edits: edits.map((edit) => JSON.parse(JSON.stringify(edit)) as Json),
    ids: idRanges(parsed.history.deployments.map(({ id }) => id)),
    lastId: edited.lastId,
    archives: [],
    run: note.run,
    epoch: note.epoch,
    purpose: note.purpose,
    actor: note.actor,
  }
  return { edits, note, lastId, edited, parsed, bytes, revision }
}
