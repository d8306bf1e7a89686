import { sameJson, type Json } from '../domain/json.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Draft } from './draft.ts'
import type { ParsedHistory } from './parse-history.ts'

/**
 * That the text of a draft, read again, says what was meant and nothing else: its entries with their ids, in
 * its order, its holds, and the other keys as they were.
 * @throws BUG, before anything is written
 */
export function checkEdited(label: string, draft: Draft, old: ParsedHistory, now: ParsedHistory): void {
  const left = draft.pieces.filter(({ after }) => after !== '')
  const entries = left.flatMap(({ entry }) => (entry ? [entry] : []))
  const isMeant =
    sameList(
      entries.map(({ data }) => data),
      now.entries,
    ) &&
    sameList(
      left.flatMap(({ hold }) => (hold ? [hold] : [])),
      now.holds,
    ) &&
    entries.every(({ id }, index) => now.history.deployments[index]?.id === id) &&
    same({ ...old.head, ...draft.added }, now.head)
  if (isMeant) return
  throw new BagboyError('BUG', `${label}: the changed text would not say what was meant; nothing was written.`, {
    hint: 'Report it with the history file, and make the change by hand meanwhile.',
  })
}

function sameList(expected: readonly unknown[], found: readonly unknown[]): boolean {
  return expected.length === found.length && expected.every((value, index) => same(value, found[index]))
}

// Entries that were not touched are the very same object; the rest is compared by value.
function same(expected: unknown, found: unknown): boolean {
  return expected === found || sameJson(expected as Json, found as Json)
}
