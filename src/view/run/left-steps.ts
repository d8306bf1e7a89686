import type { RunView, StepView } from '../../events/project-run.ts'
import { isOver, mayHaveMoved } from '../../events/step-ending.ts'

/** Steps that still have to be done, in the direction in which the run goes; what a run going back never changed is none. Pure. */
export function leftSteps({ steps, direction }: Pick<RunView, 'steps' | 'direction'>): readonly StepView[] {
  const way = direction ?? 'do'
  return steps.filter((step) => !isOver(step, way) && (way === 'do' || mayHaveMoved(step)))
}

/** Steps whose effect on users of the bad version is printed: those of a run that leaves that version. Pure. */
export function stepsWithUsers({ steps, direction, plan: { kind } }: RunView): readonly StepView[] {
  return direction === 'undo' || kind === 'undo' ? [] : steps.filter(({ status }) => status === 'done')
}
