import { own } from '../../domain/text/own.ts'
import { sameJson } from '../../domain/text/json.ts'
import { setKey } from '../edit/set-key.ts'
import { dataOf } from './item-data.ts'

/** One entry in three states; `undefined` where it is not there. */
export interface ThreeTexts {
  /** Where the edit began. */
  readonly base: string | undefined
  /** What is committed now. */
  readonly ours: string | undefined
  /** What the person left. */
  readonly theirs: string | undefined
}

export type MergedEntry =
  | { readonly kind: 'keep'; readonly text: string }
  | { readonly kind: 'drop' }
  /** As committed, although the person had it otherwise. */
  | { readonly kind: 'restored' | 'overruled'; readonly text: string }
  /** Both made it, and not the same. */
  | { readonly kind: 'clash' }

/** What a commit changes of an entry that is there already, other than writing it anew. */
const SET_KEYS = ['status', 'pinned'] as const

/** Pure. */
export function mergeEntry({ base, ours, theirs }: ThreeTexts, eol: string): MergedEntry {
  if (ours === undefined) {
    const isNew = base === undefined && theirs !== undefined
    return isNew ? { kind: 'keep', text: theirs } : { kind: 'drop' }
  }
  if (theirs === undefined) return { kind: base === undefined ? 'keep' : 'restored', text: ours }
  if (theirs === ours || theirs === base) return { kind: 'keep', text: ours }
  if (base === undefined) return sameData(theirs, ours) ? { kind: 'keep', text: theirs } : { kind: 'clash' }
  if (ours === base) return { kind: 'keep', text: theirs }
  const both = applyChanges({ base, ours, theirs }, eol)
  return both === undefined ? { kind: 'overruled', text: ours } : { kind: 'keep', text: both }
}

/** What was committed, on top of the person's text; `undefined` when it is more than a few keys. */
function applyChanges({ base, ours, theirs }: Record<keyof ThreeTexts, string>, eol: string): string | undefined {
  const [before, after] = [dataOf(base), dataOf(ours)]
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !sameJson(own(before, key) ?? null, own(after, key) ?? null),
  )
  let text: string | undefined = theirs
  for (const key of changed) {
    const known = SET_KEYS.find((name) => name === key)
    const value = own(after, key)
    const isPlain = typeof value === 'string' || typeof value === 'boolean'
    text = known && isPlain && text !== undefined ? setKey(text, { key: known, value, eol }) : undefined
  }
  return text
}

function sameData(one: string, other: string): boolean {
  return sameJson(dataOf(one), dataOf(other))
}
