import { sameJson, type Json } from '../domain/json.ts'
import type { StepView } from '../events/project-run.ts'
import { comparePointer } from './pointer-state.ts'

/** The run states of this step where its pointer is. Pure. */
export function isClaimed({ status }: StepView): boolean {
  return status === 'done' || status === 'already' || status === 'undone'
}

/** Whether a pointer is where the run says that it is. Pure. */
export function agreesWith(step: StepView, pointer: Json): boolean {
  // A registry that could not be read when planned and was never touched has no state of ours to agree with.
  const isUnknown = step.plan.deferred !== '' && !step.wasIntended && !step.wasAwaited
  if (isUnknown) return step.status === 'already' || step.status === 'skipped'
  // A person may do it at any moment.
  if (step.status === 'manual') return comparePointer(pointer, step.before, step.want) !== 'other'
  return sameJson(pointer, isLeft(step) ? step.before : step.want)
}

function isLeft({ status }: StepView): boolean {
  return status === 'undone' || status === 'skipped'
}
