import { sameJson } from '../../domain/text/json.ts'
import { sameVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { dataOf } from '../merge/item-data.ts'
import { itemsOf, type Item } from '../merge/items.ts'
import { mergeHolds } from '../merge/merge-holds.ts'
import { writeMerged } from '../merge/write-merged.ts'
import { parseHistory, type ParsedHistory } from '../read/parse-history.ts'
import { setKey } from '../edit/set-key.ts'
import { hasConflictMarkers } from './conflict-markers.ts'
import { splitConflict } from './split-conflict.ts'

export interface JoinedSides {
  readonly text: string
  /** In words: entries that got another id. */
  readonly notes: readonly string[]
}

/**
 * A file with conflict markers as one that holds the entries of both sides: by id, with the next free id for the newer of two
 * different entries that share one, and one live entry an environment. `committed` keeps the ids that it gave. Pure. `undefined` when a side
 * cannot be read by itself.
 */
export function joinSides(
  label: string,
  text: string,
  committed: ParsedHistory | undefined,
  lastId: number,
): JoinedSides | undefined {
  if (!hasConflictMarkers(text)) return undefined
  const sides = splitConflict(text)
  const [ours, theirs] = [sides && parsed(label, sides.ours), sides && parsed(label, sides.theirs)]
  if (!ours?.document || !theirs) return undefined
  const { eol } = ours.document
  const lists = { ours: itemsOf(ours), theirs: itemsOf(theirs), committed: committed ? itemsOf(committed) : [] }
  const { kept, moved } = joinLists(lists, lastId)
  const active = newestActive(kept)
  const items = kept.map((item) => ({ id: item.id, text: asWritten(item, active.has(item), eol) }))
  const listed = items.length === 0 ? ours.text : writeMerged(ours.document, items, lastId)
  if (listed === undefined) return undefined
  const holds = { base: [], ours: theirs.history.held, theirs: parseHistory(label, listed) }
  const notes = moved.map(
    ({ from, item }) => `${item.entry.deployment.version}: id ${from} was used on both sides, now ${item.id}`,
  )
  return { text: mergeHolds(label, holds), notes }
}

function parsed(label: string, text: string): ParsedHistory | undefined {
  try {
    return parseHistory(label, text)
  } catch (error) {
    if (error instanceof BagboyError && error.code !== 'BUG') return undefined
    throw error
  }
}

interface Lists {
  readonly ours: readonly Item[]
  readonly theirs: readonly Item[]
  readonly committed: readonly Item[]
}

interface Joined {
  /** Newest first. */
  readonly kept: readonly Item[]
  readonly moved: readonly { readonly from: number; readonly item: Item }[]
}

function joinLists({ ours, theirs, committed }: Lists, lastId: number): Joined {
  const kept = new Map(ours.map((item) => [item.id, item]))
  const added: Item[] = []
  const homeless: Item[] = []
  for (const item of theirs) {
    const other = kept.get(item.id)
    if (!other) {
      kept.set(item.id, item)
      added.push(item)
    }
    if (other && isSameEntry(item, other)) kept.set(item.id, laterOf(other, item))
    else if (other) {
      const [stays, goes] = ownerFirst([other, item], committed)
      kept.set(item.id, stays)
      if (![...kept.values()].some((one) => isSameEntry(one, goes))) homeless.push(goes)
    }
  }
  let next = Math.max(lastId, ...kept.keys())
  const byAge = homeless.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))
  const moved = byAge.map((item) => {
    next += 1
    return { from: item.id, item: { ...item, id: next } }
  })
  // In our order, and each other one in front of the first that is older: that is what makes it an earlier target.
  const inOrder = [...kept.values()].filter((item) => !added.includes(item))
  const others = [...added, ...moved.map(({ item }) => item)]
  return { kept: others.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b))).reduce(insertByTime, inOrder), moved }
}

function insertByTime(items: readonly Item[], item: Item): readonly Item[] {
  const older = items.findIndex((one) => timeOf(one) <= timeOf(item))
  return items.toSpliced(older === -1 ? items.length : older, 0, item)
}

/** The same deployment, perhaps changed since: of one run, or of one version at one time. */
function isSameEntry({ entry: { deployment: a } }: Item, { entry: { deployment: b } }: Item): boolean {
  if (a.run !== undefined || b.run !== undefined) return a.run === b.run
  return sameVersion(a.version, b.version) && a.timestamp === b.timestamp && a.environment === b.environment
}

/** What became of an entry is known better where it has been left; otherwise our side counts. */
function laterOf(ours: Item, theirs: Item): Item {
  if (sameJson(dataOf(ours.text), dataOf(theirs.text))) return ours
  const wasActive = ours.entry.deployment.status === 'active'
  return wasActive && theirs.entry.deployment.status !== 'active' ? theirs : ours
}

/** Who keeps the id: whom a commit on this machine gave it to, else the older one. */
function ownerFirst([a, b]: readonly [Item, Item], committed: readonly Item[]): readonly [Item, Item] {
  const owner = committed.find(({ id }) => id === a.id)
  if (owner && isSameEntry(owner, b)) return [b, a]
  if (owner && isSameEntry(owner, a)) return [a, b]
  return timeOf(a) <= timeOf(b) ? [a, b] : [b, a]
}

/** Of every environment the one that is live. */
function newestActive(items: readonly Item[]): ReadonlySet<Item> {
  const oldestFirst = items
    .filter(({ entry }) => entry.deployment.status === 'active')
    .toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)))
  return new Set(new Map(oldestFirst.map((item) => [item.entry.deployment.environment ?? '', item])).values())
}

/** With the id it has now, and a status that does not depend on its place. */
function asWritten(item: Item, isActive: boolean, eol: string): string {
  const { status } = item.entry.deployment
  const wanted = status === 'active' && !isActive ? 'superseded' : status
  const withId = setKey(item.text, { key: 'id', value: item.id, eol }) ?? item.text
  return setKey(withId, { key: 'status', value: wanted, eol }) ?? withId
}

function timeOf({ entry }: Item): string {
  return entry.deployment.finished ?? entry.deployment.timestamp
}
