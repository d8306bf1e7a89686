import type { RunResult } from './events.ts'
import { isExpectedThere } from './exclusion-view.ts'
import type { RunView } from './project-run.ts'
import { isOver, mayHaveMoved } from './step-ending.ts'

/** Whether a registry is not what the run says of it. Of a skipped step it says nothing. Pure. */
export function isContradicted({ steps, observations }: Pick<RunView, 'steps' | 'observations'>): boolean {
  return observations.some(
    ({ step: id, agrees }) => !agrees && steps.find((step) => step.id === id)?.status !== 'skipped',
  )
}

/** A run that was asked to go forward and took everything back: it went well, and did not do what was asked. Pure. */
export function isTakenBack({ result, exitCode }: Pick<RunView, 'result' | 'exitCode'>): boolean {
  return result === 'undone' && exitCode !== null && exitCode !== 0
}

/** Whether the run may have changed anything. Pure. */
export function hasMoved({ steps }: Pick<RunView, 'steps'>): boolean {
  return steps.some(mayHaveMoved)
}

/** Whether a run that ended like this stays open: it is resumed, undone or handed over. Pure. */
export function isUnfinished(view: RunView, result: RunResult): boolean {
  if (result === 'complete' || result === 'undone') return false
  if (result === 'aborted' && !hasMoved(view)) return false
  const { steps, excluded, plan, direction } = view
  const isUnproved = excluded.some((one) => isExpectedThere(one, plan) && one.verifiedAt === null)
  if (isContradicted(view) || (direction !== 'undo' && isUnproved)) return true
  return steps.some((step) => !isOver(step, direction ?? 'do'))
}
