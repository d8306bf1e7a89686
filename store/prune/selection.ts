import type { PruneRow } from '../../src/domain/prune.ts'
import type { PrunePlan } from '../../src/engine/engine.ts'

/** History ids that are marked, and where a range began. */
export interface Selection {
  readonly ids: readonly number[]
  readonly anchor: number | null
}

/** What the rule `keep` suggests. */
export function suggestedSelection(rows: readonly PruneRow[]): Selection {
  return { ids: rows.filter(({ verdict }) => verdict === 'prune').map(({ deployment }) => deployment.id), anchor: null }
}

export function toggleSelected(selection: Selection, row: PruneRow): Selection {
  if (row.verdict === 'protected') return selection
  const { id } = row.deployment
  return {
    ids: selection.ids.includes(id) ? selection.ids.filter((marked) => marked !== id) : [...selection.ids, id],
    anchor: id,
  }
}

/** Selection everything between the anchor and `to` that is not protected. */
export function selectRange(selection: Selection, rows: readonly PruneRow[], to: number): Selection {
  const from = rows.findIndex(({ deployment }) => deployment.id === selection.anchor)
  const [first, last] = from === -1 ? [to, to] : [Math.min(from, to), Math.max(from, to)]
  const inRange = rows.slice(first, last + 1).filter(({ verdict }) => verdict !== 'protected')
  return {
    ids: [...new Set([...selection.ids, ...inRange.map(({ deployment }) => deployment.id)])],
    anchor: rows[to]?.deployment.id ?? null,
  }
}

export function selectAll(rows: readonly PruneRow[]): Selection {
  const free = rows.filter(({ verdict }) => verdict !== 'protected')
  return { ids: free.map(({ deployment }) => deployment.id), anchor: null }
}

export interface PruneState {
  readonly plan: PrunePlan
  readonly selection: Selection
}

export type PruneEvent =
  | { readonly type: 'prune.planned'; readonly plan: PrunePlan }
  | { readonly type: 'prune.selected'; readonly selection: Selection }
