/** The last so many of something, oldest first; older ones make room. */
export interface Ring<T> {
  readonly items: readonly T[]
  push(item: T): void
}

export function createRing<T>(capacity: number): Ring<T> {
  const items: T[] = []
  return {
    items,
    push(item) {
      // Moved rarely and in bulk: pushing costs the same however full it is.
      if (items.length >= capacity * 2) items.splice(0, items.length - capacity + 1)
      items.push(item)
    },
  }
}
