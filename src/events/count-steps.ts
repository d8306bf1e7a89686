import { isRunning, needsAttention, type StepStatus } from '../machine/step-status.ts'
import type { RunView } from './project-run.ts'
import { isReached } from './step-ending.ts'

export interface StepCounts {
  /** Of the direction in which the run goes: what was taken back already is not done by a run that goes back. */
  readonly done: number
  readonly running: number
  readonly waiting: number
  readonly failed: number
}

export function countSteps({ steps, direction }: Pick<RunView, 'steps' | 'direction'>): StepCounts {
  const count = (test: (status: StepStatus) => boolean) => steps.filter(({ status }) => test(status)).length
  return {
    done: steps.filter((step) => isReached(step, direction ?? 'do')).length,
    running: count(isRunning),
    waiting: count((status) => status === 'pending' || status === 'manual'),
    failed: count(needsAttention),
  }
}
