import type { Deployment, DeploymentStatus, Hold } from '../domain/deployment.ts'
import type { JsonObject } from '../domain/text/json.ts'

/** One change of the history, applied as a text splice: every byte outside it stays as it was. */
export type HistoryEdit =
  /** Goes in first; the store gives it its id. */
  | { readonly kind: 'insert'; readonly deployment: Omit<Deployment, 'id'> }
  /** Rewrites an entry this same run inserted (a partial one that was finished later); `id` stays. */
  | { readonly kind: 'replace'; readonly id: number; readonly deployment: Omit<Deployment, 'id'> }
  | { readonly kind: 'set-status'; readonly id: number; readonly status: DeploymentStatus }
  | { readonly kind: 'set-pinned'; readonly id: number; readonly pinned: boolean }
  | { readonly kind: 'hold'; readonly hold: Hold }
  /** Those that count in the environment; without one those of every environment. */
  | { readonly kind: 'lift-hold'; readonly version: string; readonly environment?: string }
  /** Moves entries, as they stand, into `.bagboy/archive/`. */
  | { readonly kind: 'archive'; readonly ids: readonly number[] }
  /** Puts archived entries back, each as it stands in the archive, at the place of its id. */
  | { readonly kind: 'restore'; readonly texts: readonly string[] }

/** Who commits, for the revision record. */
export interface CommitNote {
  readonly run: string
  readonly epoch: number
  readonly purpose: string
  readonly actor: JsonObject
}
