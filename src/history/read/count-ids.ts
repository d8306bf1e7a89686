/** An id that two entries would have: indexes into the list that was given. */
export interface IdClash {
  readonly id: number
  readonly index: number
  readonly other: number
}

/**
 * The ids of a list of entries, newest first. An entry without one is counted from the next older entry, the
 * oldest from 1. Pure.
 */
export function countIds(explicit: readonly (number | undefined)[]): readonly number[] | IdClash {
  const owners = new Map<number, number>()
  for (const [index, id] of explicit.entries()) {
    if (id === undefined) continue
    const other = owners.get(id)
    if (other !== undefined) return { id, index, other }
    owners.set(id, index)
  }
  const ids: number[] = []
  let previous = 0
  for (let index = explicit.length - 1; index >= 0; index -= 1) {
    const id = explicit[index] ?? previous + 1
    const other = owners.get(id)
    if (other !== undefined && other !== index) return { id, index, other }
    owners.set(id, index)
    ids[index] = id
    previous = id
  }
  return ids
}
