import { own } from '../../domain/text/own.ts'
import { sameJson } from '../../domain/text/json.ts'
import type { ParsedHistory } from '../read/parse-history.ts'
import { identify, itemsOf, type Item } from './items.ts'
import { dataOf } from './item-data.ts'

/**
 * Where an edit most likely began: the state it has the most in common with; of equals the one given first. An entry
 * counts as much as its keys agree, one that only one of the two has counts against it. Pure.
 */
export function chooseBase(edited: ParsedHistory, states: readonly ParsedHistory[]): ParsedHistory | undefined {
  const scored = states.map((state) => ({ state, score: likeness(edited, state) }))
  return scored.toSorted((a, b) => b.score - a.score)[0]?.state
}

function likeness(edited: ParsedHistory, state: ParsedHistory): number {
  const [items, known] = [itemsOf(edited), itemsOf(state)]
  const ids = identify(items, known)
  const byId = new Map(known.map((item) => [item.id, item]))
  const shared = items.flatMap((item, index) => {
    const match = byId.get(ids[index] ?? 0)
    return match ? [sameness(item, match)] : []
  })
  const loneCount = items.length + known.length - 2 * shared.length
  return shared.reduce((sum, each) => sum + each, 0) - loneCount + likenessOfHolds(edited, state)
}

function sameness(one: Item, other: Item): number {
  if (one.text === other.text) return 1
  const [a, b] = [dataOf(one.text), dataOf(other.text)]
  // Two entries that happen to have the same id, each of them alone.
  if (a['version'] !== b['version']) return -2
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const equal = keys.filter((key) => sameJson(own(a, key) ?? null, own(b, key) ?? null))
  return keys.length === 0 ? 0 : equal.length / (keys.length + 1)
}

function likenessOfHolds(edited: ParsedHistory, state: ParsedHistory): number {
  const [one, other] = [holdsOf(edited), holdsOf(state)]
  const sharedCount = [...one].filter((hold) => other.has(hold)).length
  return sharedCount - (one.size + other.size - 2 * sharedCount)
}

function holdsOf({ history }: ParsedHistory): ReadonlySet<string> {
  return new Set(history.held.map(({ version, environment = '' }) => `${version} ${environment}`))
}
