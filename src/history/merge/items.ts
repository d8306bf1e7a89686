import type { ParsedHistory } from '../read/parse-history.ts'
import type { ParsedEntry } from '../read/to-history.ts'

/** One deployment of a history, as it stands there. */
export interface Item {
  readonly id: number
  /** Counted from its place otherwise. */
  readonly hasId: boolean
  readonly text: string
  readonly entry: ParsedEntry
}

/** In the order of the file; empty for a file that cannot be cut into entries. */
export function itemsOf({ document, entries }: ParsedHistory): readonly Item[] {
  const pieces = document?.pieces.filter(({ kind, key }) => kind === 'item' && key === 'deployments') ?? []
  return pieces.flatMap(({ text }, index) => {
    const entry = entries[index]
    return entry ? [{ id: entry.deployment.id, hasId: entry.hasId, text, entry }] : []
  })
}

/**
 * Which committed entry each item of an edited file is: by its id; one without an id by its text, or by version and time.
 * `undefined`: it is new. Pure.
 */
export function identify(edited: readonly Item[], committed: readonly Item[]): readonly (number | undefined)[] {
  const taken = new Set(edited.flatMap(({ id, hasId }) => (hasId ? [id] : [])))
  const found = edited.map(({ id, hasId }) => (hasId ? id : undefined))
  const take = (isSame: (a: Item, b: Item) => boolean): void => {
    for (const [index, item] of edited.entries()) {
      if (found[index] !== undefined) continue
      const match = committed.find((known) => !taken.has(known.id) && isSame(item, known))
      if (!match) continue
      taken.add(match.id)
      found[index] = match.id
    }
  }
  take((item, known) => !known.hasId && item.text === known.text)
  take(
    ({ entry: { deployment: a } }, { entry: { deployment: b } }) =>
      a.version === b.version && a.timestamp === b.timestamp,
  )
  return found
}
