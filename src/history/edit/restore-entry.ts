import type { JsonObject } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { atColumn } from './at-column.ts'
import { addFirst, columnOf, findEntry, type Draft, type DraftPiece } from './draft.ts'
import { writeIds } from './edit-draft.ts'
import { emitItem } from './emit-yaml.ts'
import { checkDeployment } from '../history-schema.ts'
import { dataOf } from '../merge/item-data.ts'
import { setKey } from './set-key.ts'

/**
 * Puts an archived entry back, with its id, where ids count down. It never becomes the live one: an entry without a status is
 * written down as superseded. @throws HISTORY_INVALID, HISTORY_CHANGED when the id is there by now
 */
export function restoreEntry(draft: Draft, text: string): Draft {
  const data = dataOf(text)
  const checked = checkDeployment(data)
  const id = data['id']
  if (!checked.success || typeof id !== 'number' || data['status'] === 'active') {
    throw new BagboyError('HISTORY_INVALID', 'This archived entry cannot be put back as it stands.', {
      hint: 'Give it an id, a version and a timestamp, and a status other than active.',
    })
  }
  const numbered = writeIds(draft)
  if (findEntry(numbered, id) !== -1) {
    throw new BagboyError('HISTORY_CHANGED', `deployment @${id} is in the history by now`, {
      hint: 'Look again: bagboy-tui versions list',
    })
  }
  return insertById(numbered, pieceOf(draft, text, data, id), id)
}

function pieceOf(draft: Draft, text: string, data: JsonObject, id: number): DraftPiece {
  const { eol } = draft
  const column = columnOf(draft, 'deployments')
  const expected = data['status'] === undefined ? { ...data, status: 'superseded' } : data
  const shown = atColumn(text.replaceAll(/\r?\n/gu, eol), column, eol)
  const whole = shown.endsWith('\n') ? shown : shown + eol
  const marked = expected === data ? whole : setKey(whole, { key: 'status', value: 'superseded', eol })
  const after = marked ?? emitItem(expected, column, eol)
  return { kind: 'item', key: 'deployments', before: '', after, id, expected }
}

function insertById(draft: Draft, piece: DraftPiece, id: number): Draft {
  const { pieces } = draft
  const isEntry = (other: DraftPiece): boolean =>
    other.kind === 'item' && other.key === 'deployments' && other.after !== ''
  const older = pieces.findIndex((other) => isEntry(other) && other.id !== undefined && other.id < id)
  if (older !== -1) return { ...draft, pieces: pieces.toSpliced(older, 0, piece) }
  const last = pieces.findLastIndex(isEntry)
  if (last === -1) return addFirst(draft, piece)
  const ended = pieces.map((other, index) =>
    index === last && !other.after.endsWith('\n') ? { ...other, after: other.after + draft.eol } : other,
  )
  return { ...draft, pieces: ended.toSpliced(last + 1, 0, piece) }
}
