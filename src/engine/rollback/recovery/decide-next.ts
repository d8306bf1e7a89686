import type { ErrorReport } from '../../../errors/bagboy-error.ts'
import type { Direction } from '../../../events/events.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import { isOver } from '../../../events/step-ending.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'
import { agreesWith, hasExpectedPointer } from '../step/expected-pointer.ts'
import { decideGoal, type StepGoal } from '../step/step-goal.ts'

/** What going on with a run does with a step. */
export type StepDecision =
  | StepGoal
  /** It is over, and its registry is where the run left it. */
  | { readonly kind: 'over' }
  /** It is read again first. */
  | { readonly kind: 'read'; readonly error: ErrorReport }

export interface NextCase {
  readonly view: RunView
  readonly step: StepView
  readonly direction: Direction
  readonly inspection: Inspection
}

/** Pure. */
export function decideNext({ view, step, direction, inspection }: NextCase): StepDecision {
  const { snapshot, error, registry } = inspection
  if (isOver(step, direction) && !isReopened(step, inspection)) return { kind: 'over' }
  if (error) return { kind: 'read', error }
  return decideGoal({ step, plan: view.plan, direction, snapshot, registry })
}

/** Proved once, and seen elsewhere since: resume begins with it again. */
function isReopened(step: StepView, { snapshot }: Inspection): boolean {
  return snapshot !== null && hasExpectedPointer(step) && !agreesWith(step, snapshot.pointer)
}
