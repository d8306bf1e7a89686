import type { PruneRow } from '../../src/domain/prune.ts'

/** History ids that are marked, and where a range began. */
export interface Marks {
  readonly ids: readonly number[]
  readonly anchor: number | null
}

/** What the rule `keep` suggests. */
export function suggestedMarks(rows: readonly PruneRow[]): Marks {
  return { ids: rows.filter(({ verdict }) => verdict === 'prune').map(({ deployment }) => deployment.id), anchor: null }
}

export function toggleMark(marks: Marks, row: PruneRow): Marks {
  if (row.verdict === 'protected') return marks
  const { id } = row.deployment
  return {
    ids: marks.ids.includes(id) ? marks.ids.filter((marked) => marked !== id) : [...marks.ids, id],
    anchor: id,
  }
}

/** Marks everything between the anchor and `to` that is not protected. */
export function markRange(marks: Marks, rows: readonly PruneRow[], to: number): Marks {
  const from = rows.findIndex(({ deployment }) => deployment.id === marks.anchor)
  const [first, last] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)]
  const inRange = rows.slice(first, last + 1).filter(({ verdict }) => verdict !== 'protected')
  return {
    ids: [...new Set([...marks.ids, ...inRange.map(({ deployment }) => deployment.id)])],
    anchor: rows[to]?.deployment.id ?? null,
  }
}

export function markAll(rows: readonly PruneRow[]): Marks {
  const free = rows.filter(({ verdict }) => verdict !== 'protected')
  return { ids: free.map(({ deployment }) => deployment.id), anchor: null }
}
