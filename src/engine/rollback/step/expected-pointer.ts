import { sameJson, type Json } from '../../../domain/text/json.ts'
import type { StepView } from '../../../events/project-run.ts'
import { comparePointer } from './pointer-state.ts'

/** The run states of this step where its pointer is. Pure. */
export function hasExpectedPointer({ status }: StepView): boolean {
  return status === 'done' || status === 'already' || status === 'undone'
}

/** Whether a pointer is where the run says that it is. Pure. */
export function agreesWith(step: StepView, pointer: Json): boolean {
  // A registry that could not be read when planned and was never touched has no state of ours to agree with.
  if (isUnplanned(step) && step.status === 'skipped') return true
  if (isUnplanned(step) && step.status !== 'already') return false
  // A person may do it at any moment.
  if (step.status === 'manual') return comparePointer(pointer, step.before, step.want) !== 'other'
  return sameJson(pointer, expectedPointer(step))
}

/** Where the run says it is; of a step that was planned unread and needed nothing only the proof tells. Pure. */
export function expectedPointer(step: StepView): Json {
  if (isLeft(step)) return step.before
  return isUnplanned(step) ? step.proof : step.want
}

function isUnplanned({ plan, wasIntended, wasAwaited }: StepView): boolean {
  return plan.deferred !== '' && !wasIntended && !wasAwaited
}

function isLeft({ status }: StepView): boolean {
  return status === 'undone' || status === 'skipped'
}
