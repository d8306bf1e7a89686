import { isRunning, needsAttention, type StepStatus } from '../machine/step-status.ts'
import type { RunView, StepView } from './project-run.ts'
import { isReached } from './step-ending.ts'

export interface StepCounts {
  /** Of the direction in which the run goes: what was taken back already is not done by a run that goes back. */
  readonly done: number
  /** Left as they are, by a decision. */
  readonly skipped: number
  readonly running: number
  readonly waiting: number
  readonly failed: number
}

/** Steps that were left as they are by a decision; one that a run going back never touched is none. Pure. */
export function skippedSteps({ steps, direction }: Pick<RunView, 'steps' | 'direction'>): readonly StepView[] {
  return steps.filter((step) => step.status === 'skipped' && !isReached(step, direction ?? 'do'))
}

export function countSteps({ steps, direction }: Pick<RunView, 'steps' | 'direction'>): StepCounts {
  const count = (test: (status: StepStatus) => boolean) => steps.filter(({ status }) => test(status)).length
  return {
    done: steps.filter((step) => isReached(step, direction ?? 'do')).length,
    skipped: skippedSteps({ steps, direction }).length,
    running: count(isRunning),
    waiting: count((status) => status === 'pending' || status === 'manual'),
    failed: count(needsAttention),
  }
}
