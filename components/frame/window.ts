/** Rows that stay visible above and below the cursor while there are any. */
const MARGIN = 2

/**
 * The first visible row of a list: moves only as far as it must, so that a list does not jump under the reader. Pure.
 */
export function windowStart(cursor: number, count: number, height: number, previous: number): number {
  if (count <= height) return 0
  const margin = Math.min(MARGIN, Math.floor((height - 1) / 2))
  const lowest = cursor - height + 1 + margin
  const highest = cursor - margin
  const start = Math.min(Math.max(previous, lowest), highest)
  return Math.max(0, Math.min(start, count - height))
}
