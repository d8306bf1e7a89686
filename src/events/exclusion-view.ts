import { stepId, type PlanExclusion, type RollbackPlan } from '../domain/plan.ts'
import type { Observation, Stamped } from './events.ts'

/** A registry without a step, and what was read of it since. */
export interface ExclusionView extends PlanExclusion {
  /** The id it would have as a step. */
  readonly id: string
  /** When it was proved to need nothing; `null` as long as only the plan says so. */
  readonly verifiedAt: string | null
}

/** The run says of it that it is at the target; an undo says nothing of what the run before did not move. Pure. */
export function isExpectedThere(
  { status }: Pick<PlanExclusion, 'status'>,
  { kind }: Pick<RollbackPlan, 'kind'>,
): boolean {
  return status === 'already' && kind !== 'undo'
}

/** As the plan has it. Pure. */
export function startExclusion(excluded: PlanExclusion): ExclusionView {
  return { ...excluded, id: stepId(excluded.package), verifiedAt: null }
}

/** Pure. */
export function verifyExclusion(
  excluded: ExclusionView,
  { step, pointer, at }: Extract<Stamped, { type: 'exclusion.verified' }>,
): ExclusionView {
  return excluded.id === step ? { ...excluded, observed: pointer, verifiedAt: at } : excluded
}

/** With what was read of them last; what could not be read stays as it was. Pure. */
export function observeExclusions(
  excluded: readonly ExclusionView[],
  observations: readonly Observation[],
): readonly ExclusionView[] {
  return excluded.map((one) => {
    const pointer = observations.find(({ step }) => step === one.id)?.pointer ?? null
    return pointer === null ? one : { ...one, observed: pointer }
  })
}
