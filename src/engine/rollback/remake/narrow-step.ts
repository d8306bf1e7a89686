import { sameJson, type Json } from '../../../domain/text/json.ts'
import type { RollbackPlan } from '../../../domain/plan.ts'
import type { StepView } from '../../../events/project-run.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import { makeAgain, type MadeActions } from './make-again.ts'

/** A step that leads to less than it was planned with. */
export interface NarrowedStep extends MadeActions {
  readonly before: Json
}

/**
 * What is left of a step when its registry's entry now moves less than it did when the run was planned; `undefined` when
 * it does not. What was captured for an undo stays whole: it is put back as it was. Pure.
 */
export function narrowStep(
  step: StepView,
  run: Pick<RollbackPlan, 'kind' | 'to'>,
  registry: BoundRegistry,
): NarrowedStep | undefined {
  const { driver, options } = registry
  const isUnread = step.plan.deferred !== '' && !step.wasIntended
  if (!driver.narrow || run.kind === 'undo' || isUnread) return undefined
  const [before, want] = [driver.narrow(step.before, options), driver.narrow(step.want, options)]
  if (sameJson(before, step.before) && sameJson(want, step.want)) return undefined
  const made = makeAgain({ plan: step.plan, before }, run, registry)
  return step.plan.isManual || sameJson(made.want, want) ? { ...made, before, want } : undefined
}
