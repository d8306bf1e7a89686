import type { Observation } from '../events/events.ts'
import type { StepView } from '../events/project-run.ts'
import { inspectAll } from '../planner/inspect-all.ts'
import { agreesWith, isClaimed } from './claims.ts'
import { reopenStep } from './reopen-step.ts'
import { subjectOf, type RunContext } from './run-context.ts'
import { withDeadline } from './with-deadline.ts'

/**
 * Reads every registry of the plan once more after the last write, so that the summary says what is true now and
 * somebody else's write does not go unseen. While a write of ours may still arrive, it waits for that and looks again.
 * A step that no longer is what was proved of it is open again.
 */
export async function sweep(context: RunContext): Promise<void> {
  const { recorder, platform, lateRequests } = context
  await observeAll(context)
  const waitMs = lateRequests.remainingMs()
  if (waitMs > 0) {
    await recorder.emit({ type: 'run.settling', waitMs })
    await platform.clock.sleep(waitMs)
    await observeAll(context)
  }
  for (const observation of recorder.view.observations) await reopenStep(context, observation)
}

/** For a run that is taken up again: what an earlier owner has proved may have moved since. */
export async function reviewClaims(context: RunContext): Promise<void> {
  const claimed = context.recorder.view.steps.filter(isClaimed)
  for (const observation of await observe(context, claimed)) await reopenStep(context, observation)
}

async function observeAll(context: RunContext): Promise<void> {
  const { recorder } = context
  await recorder.emit({ type: 'sweep.finished', observations: await observe(context, recorder.view.steps) })
}

async function observe(
  { recorder, registries, contextFor, config, platform }: RunContext,
  steps: readonly StepView[],
): Promise<readonly Observation[]> {
  const { parallelism } = recorder.view.plan
  const inspections = await withDeadline(platform.clock, config.rollback.timeoutMs, (signal) =>
    inspectAll(steps.map(subjectOf), { registries, contextFor, parallelism, signal }),
  )
  return steps.map((step, index) => {
    const snapshot = inspections[index]?.snapshot
    if (!snapshot) return { step: step.id, pointer: null, serving: null, agrees: false }
    const { pointer, serving } = snapshot
    return { step: step.id, pointer, serving, agrees: agreesWith(step, pointer) }
  })
}
