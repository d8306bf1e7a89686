import type { Overview, RegistryStatus } from '../../src/engine/engine.ts'
import type { ErrorReport } from '../../src/errors/bagboy-error.ts'

/** The two versions that are compared. */
export interface CompareState {
  /** History ids. */
  readonly left: number
  readonly right: number
  readonly onlyChanges: boolean
}

export type HistoryEvent =
  | { readonly type: 'overview.read'; readonly overview: Overview; readonly now: string }
  | { readonly type: 'overview.failed'; readonly error: ErrorReport }
  | { readonly type: 'registries.reading' }
  | { readonly type: 'registries.read'; readonly registries: readonly RegistryStatus[]; readonly now: string }
  | { readonly type: 'registries.failed'; readonly error: ErrorReport }
  /** What was read is not shown: a run moved the registries meanwhile. */
  | { readonly type: 'registries.dropped' }
  | { readonly type: 'filter.changed'; readonly text: string; readonly isOpen: boolean }
  | { readonly type: 'version.marked'; readonly id: number | null }
  | { readonly type: 'compare.changed'; readonly compare: CompareState }
