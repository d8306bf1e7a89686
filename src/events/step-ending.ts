import { isTerminal } from '../machine/step-status.ts'
import type { Direction } from './events.ts'
import type { StepView } from './project-run.ts'

/** Whether the step may have changed its registry: by a request of ours that was not refused, or by a person. Pure. */
export function mayHaveMoved(step: Pick<StepView, 'mayHaveEffect' | 'isUnanswered' | 'wasAwaited'>): boolean {
  return step.mayHaveEffect || step.isUnanswered || step.wasAwaited
}

/** Nothing is left to do for this step in this direction. Pure. */
export function isOver(
  { status, direction: own }: Pick<StepView, 'status' | 'direction'>,
  direction: Direction,
): boolean {
  if (direction === 'do') return isTerminal(status)
  return status === 'undone' || (status === 'skipped' && own === 'undo')
}

/** Its registry is where the run leads in this direction: proved, or never changed by a run that goes back. Pure. */
export function isReached(step: StepView, direction: Direction): boolean {
  if (direction === 'do') return step.status === 'done' || step.status === 'already'
  return step.status === 'undone' || (step.status === 'skipped' && !mayHaveMoved(step))
}

/** What a person would type instead of this step, in the direction in which the run goes; one command a line. Pure. */
export function manualCommands(step: StepView, direction: Direction | null): readonly string[] {
  return direction === 'undo' && !step.wasAwaitedBack ? step.undoByHand : step.byHand
}
