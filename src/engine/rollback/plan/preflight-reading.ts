import type { Finding, PlanStep } from '../../../domain/plan.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'

/** What was read of registries before anything of theirs is written, by step id; of those the plan leaves as they are, too. */
export type Observed = ReadonlyMap<string, Inspection>

export interface Preflight {
  readonly observed: Observed
  /** What comes behind a group that goes ahead, and is looked at behind it; empty: everything has been looked at. */
  readonly behind: readonly PlanStep[]
  /** What was asked again of the places that steps lead to. */
  readonly slotFindings: readonly Finding[]
}

/** Of a run that is taken up again: every step reads for itself. */
export const NO_PREFLIGHT: Preflight = { observed: new Map(), behind: [], slotFindings: [] }
