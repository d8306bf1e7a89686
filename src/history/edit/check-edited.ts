import type { Hold } from '../../domain/deployment.ts'
import { sameJson, type Json } from '../../domain/text/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Draft, DraftPiece } from './draft.ts'
import type { ParsedHistory } from '../read/parse-history.ts'
import { readItem } from '../read/read-piece.ts'

/**
 * That the text of a draft, read again, says what was meant and nothing else: every changed entry its new data,
 * every other one what it said before, in the same order, and the other keys as they were.
 * @throws BUG, before anything is written
 */
export function checkEdited(label: string, draft: Draft, old: ParsedHistory, now: ParsedHistory): void {
  const items = draft.pieces.filter(({ kind, after }) => kind === 'item' && after !== '')
  const entries = items.filter(({ key }) => key === 'deployments')
  const holds = items.filter(({ key }) => key === 'held')
  const isMeant =
    entries.length === now.entries.length &&
    entries.every((piece, index) => isEntry(piece, now.entries[index]?.deployment)) &&
    holds.length === now.history.held.length &&
    holds.every(({ hold }, index) => isHold(hold, now.history.held[index])) &&
    items.every(readsAsExpected) &&
    same({ ...old.head, ...draft.added }, now.head)
  if (isMeant) return
  throw new BagboyError('BUG', `${label}: the changed text would not say what was meant; nothing was written.`, {
    hint: 'Report it with the history file, and make the change by hand meanwhile.',
  })
}

function isEntry(
  { id, entry, expected }: DraftPiece,
  found: ParsedHistory['entries'][number]['deployment'] | undefined,
) {
  return found?.id === id && (expected !== undefined || same(entry?.deployment, found))
}

function isHold(meant: DraftPiece['hold'], found: Hold | undefined): boolean {
  return meant?.version === found?.version && meant?.environment === found?.environment
}

function readsAsExpected({ after, expected }: DraftPiece): boolean {
  const read = expected ? readItem(after) : undefined
  return read === undefined || ('data' in read && same(expected, read.data))
}

// What was not touched is the very same object; the rest is compared by value.
function same(expected: unknown, found: unknown): boolean {
  return expected === found || sameJson(expected as Json, found as Json)
}
