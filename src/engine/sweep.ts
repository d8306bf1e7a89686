import type { Observation } from '../events/events.ts'
import type { StepView } from '../events/project-run.ts'
import { sameJson } from '../domain/json.ts'
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
    const pointer = inspections[index]?.snapshot?.pointer ?? null
    return { step: step.id, pointer, agrees: sameJson(pointer, expected(step)) }
  })
  await recorder.emit({ type: 'sweep.finished', observations })
  return observations
}

function expected(step: StepView) {
  return step.status === 'undone' || step.status === 'skipped' ? step.before : step.want
}
