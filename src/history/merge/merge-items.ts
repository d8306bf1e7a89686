import { identify, type Item } from './items.ts'
import { mergeEntry } from './merge-entry.ts'

/** One entry of the merged list; `id` is `undefined` for one that a person added. */
export interface MergedItem {
  readonly id: number | undefined
  readonly text: string
}

export interface MergedItems {
  /** In the order in which they go into the file. */
  readonly items: readonly MergedItem[]
  /** Ids of entries that a person removed, and that are there again. */
  readonly restored: readonly number[]
  /** Ids of entries where what was committed counts more than the edit. */
  readonly overruled: readonly number[]
  /** Ids that a person gave to one entry and a commit to another. */
  readonly clashes: readonly number[]
}

export interface ThreeLists {
  readonly base: readonly Item[]
  readonly ours: readonly Item[]
  readonly theirs: readonly Item[]
}

/** The person's list and order, with what was committed since, entry by entry. Pure. */
export function mergeItems({ base, ours, theirs }: ThreeLists, eol: string): MergedItems {
  const ids = identify(theirs, [...ours, ...base])
  const [byBase, byOurs] = [textsById(base), textsById(ours)]
  const found: { restored: number[]; overruled: number[]; clashes: number[] } = {
    restored: [],
    overruled: [],
    clashes: [],
  }
  const merge = (id: number, text: string | undefined): readonly MergedItem[] => {
    const merged = mergeEntry({ base: byBase.get(id), ours: byOurs.get(id), theirs: text }, eol)
    if (merged.kind === 'drop') return []
    if (merged.kind === 'clash') {
      found.clashes.push(id)
      return []
    }
    if (merged.kind !== 'keep') found[merged.kind].push(id)
    return [{ id, text: merged.text }]
  }
  const kept = theirs.flatMap(({ text }, index): readonly MergedItem[] => {
    const id = ids[index]
    return id === undefined ? [{ id, text }] : merge(id, text)
  })
  const missing = ours.filter(({ id }) => !ids.includes(id)).flatMap(({ id }) => merge(id, undefined))
  return { items: insertMissing(kept, missing, ours), ...found }
}

function textsById(items: readonly Item[]): ReadonlyMap<number, string> {
  return new Map(items.map(({ id, text }) => [id, text]))
}

/** Each in front of the entry that follows it in the committed list. */
function insertMissing(
  kept: readonly MergedItem[],
  missing: readonly MergedItem[],
  ours: readonly Item[],
): readonly MergedItem[] {
  const order = new Map(ours.map(({ id }, index) => [id, index]))
  const rankOf = ({ id }: MergedItem) => (id === undefined ? undefined : order.get(id))
  return missing.toReversed().reduce((items, item) => {
    const rank = rankOf(item) ?? 0
    const next = items.findIndex((other) => (rankOf(other) ?? -1) > rank)
    return items.toSpliced(next === -1 ? items.length : next, 0, item)
  }, kept)
}
