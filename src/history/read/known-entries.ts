import type { ParsedEntry } from './to-history.ts'

/** An entry that was checked before, and the text it was read from. */
export interface KnownEntry {
  readonly text: string
  readonly entry: ParsedEntry
}

/** How often one entry may be searched for further down, per known entry: bounds the work on a file that is all new. */
const SEARCHES = 4

/**
 * Finds entries again in a later state of the same file, asked in its order: most stand where they stood, some
 * came in between, some went. Compares texts, which costs far less than hashing them.
 */
export function matchKnown(known: readonly KnownEntry[]): (text: string) => ParsedEntry | undefined {
  let next = 0
  let searches = known.length * SEARCHES
  return (text) => {
    for (let at = next; at < known.length && searches > 0; at += 1) {
      if (at > next) searches -= 1
      const candidate = known[at]
      if (candidate?.text !== text) continue
      next = at + 1
      return candidate.entry
    }
    return undefined
  }
}
