import type { Observation } from '../events/events.ts'
import type { StepView } from '../events/project-run.ts'
import { sameJson, type Json } from '../domain/json.ts'
import { inspectAll } from '../planner/inspect-all.ts'
import { subjectOf, type RunContext } from './run-context.ts'

/**
 * Reads every registry of the plan once more after the last write, so that the summary says what is true now and a late
 * request of ours, or somebody else's, does not go unseen.
 */
export async function sweep(context: RunContext): Promise<readonly Observation[]> {
  const { recorder, registries, contextFor, config } = context
  const { steps, plan } = recorder.view
  const inspections = await inspectAll(steps.map(subjectOf), {
    registries,
    contextFor,
    parallelism: plan.parallelism,
    signal: AbortSignal.timeout(config.rollback.timeoutMs),
  })
  const observations = steps.map((step, index) => {
    const snapshot = inspections[index]?.snapshot
    if (!snapshot) return { step: step.id, pointer: null, serving: null, agrees: false }
    const { pointer, serving } = snapshot
    return { step: step.id, pointer, serving, agrees: agrees(step, pointer) }
  })
  await recorder.emit({ type: 'sweep.finished', observations })
  return observations
}

function agrees(step: StepView, pointer: Json): boolean {
  // A registry that could not be read when planned and was never written to has no state of ours to agree with.
  if (step.plan.deferred !== '' && !step.wasIntended) return step.status === 'already' || step.status === 'skipped'
  const isLeft = step.status === 'undone' || step.status === 'skipped'
  return sameJson(pointer, isLeft ? step.before : step.want)
}
