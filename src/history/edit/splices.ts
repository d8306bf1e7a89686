/** One change of a text: at an offset of the old text (UTF-16 units), so many removed, this put in. */
export interface Splice {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

/** The smallest changes that lead from one cut of a text to the other; `before` joined is the old text. Pure. */
export function splicesOf(parts: readonly { readonly before: string; readonly after: string }[]): readonly Splice[] {
  const splices: Splice[] = []
  let offset = 0
  for (const { before, after } of parts) {
    if (before !== after) splices.push(...trim(before, after, offset))
    offset += before.length
  }
  return splices
}

/** `undefined` when they do not fit the text. Pure. */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const parts: string[] = []
  let at = 0
  for (const splice of splices) {
    if (splice.at < at || splice.at + splice.remove > text.length) return undefined
    parts.push(text.slice(at, splice.at), splice.insert)
    at = splice.at + splice.remove
  }
  parts.push(text.slice(at))
  return parts.join('')
}

function trim(before: string, after: string, offset: number): readonly Splice[] {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  const [at, gone, insert] = [
    offset + head,
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  ]
  // Two additions with text between them that stays.
  const kept = gone === '' ? -1 : insert.indexOf(gone)
  if (kept === -1) return [{ at, remove: gone.length, insert }]
  return [
    { at, remove: 0, insert: insert.slice(0, kept) },
    { at: at + gone.length, remove: 0, insert: insert.slice(kept + gone.length) },
  ]
}
