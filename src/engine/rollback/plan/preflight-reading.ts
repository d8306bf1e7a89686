import type { Finding, PlanStep } from '../../../domain/plan.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'

/** What was read of registries before anything of theirs is written, by step id; of those the plan leaves as they are, too. */
export type Looked = ReadonlyMap<string, Inspection>

export interface Preflight {
  readonly looked: Looked
  /** What comes behind a group that goes ahead, and is looked at behind it; empty: everything has been looked at. */
  readonly behind: readonly PlanStep[]
  /** What was asked again of the places that steps lead to. */
  readonly asked: readonly Finding[]
}

/** Of a run that is taken up again: every step reads for itself. */
export const NO_PREFLIGHT: Preflight = { looked: new Map(), behind: [], asked: [] }
