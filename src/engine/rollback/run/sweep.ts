import type { Observation } from '../../../events/events.ts'
import { type ExclusionView, isExpectedThere } from '../../../events/exclusion-view.ts'
import type { StepView } from '../../../events/project-run.ts'
import { inspectAll, type Inspection } from '../../../planner/inspect-all.ts'
import type { Subject } from '../../../registries/driver.ts'
import { agreesWith, expectedPointer, hasExpectedPointer } from '../step/expected-pointer.ts'
import { readBack } from '../step/read-back.ts'
import { dueStep, isAtTarget, subjectOfExclusion, type DueStep } from '../reads/prove-exclusions.ts'
import { reopenStep } from '../step/reopen-step.ts'
import { subjectOf, type RunContext } from './run-context.ts'
import { withDeadline } from '../../../operation/with-deadline.ts'

/** So many settle windows long a registry that answers now so, now otherwise is read in the end. */
const MAX_WINDOWS = 5

/**
 * Reads every registry of the plan once more after the last write, those without a write as well, so that the summary
 * says what is true now and a write from outside is seen. While a write of ours may still arrive, it waits for that and
 * reads again. A step that no longer is as it was proved is open again.
 * @returns what has to be moved although the plan found nothing to do there
 */
export async function sweep(context: RunContext): Promise<readonly DueStep[]> {
  const { recorder, platform, lateRequests } = context
  let due = await observeAll(context)
  const waitMs = lateRequests.remainingMs()
  if (waitMs > 0) {
    await recorder.emit({ type: 'run.settling', waitMs })
    await platform.clock.sleep(waitMs)
    due = await observeAll(context)
  }
  for (const observation of recorder.view.observations) await reopenStep(context, observation)
  return due
}

/** For a run that is taken up again: what an earlier owner has proved may have moved since. */
export async function reviewClaims(context: RunContext): Promise<void> {
  const claimed = context.recorder.view.steps.filter(hasExpectedPointer)
  const inspections = await inspect(context, claimed.map(subjectOf))
  const observations = await observeSteps(context, claimed, inspections)
  for (const observation of observations) await reopenStep(context, observation)
}

async function observeAll(context: RunContext): Promise<readonly DueStep[]> {
  const { recorder, registries } = context
  const { steps, excluded, direction } = recorder.view
  const subjects = excluded.map((one) => subjectOfExclusion(one, recorder.view))
  const inspections = await inspect(context, [...steps.map(subjectOf), ...subjects])
  const left = inspections.slice(steps.length)
  // Going back, the run says nothing of what it never touched.
  const isMeant = (one: ExclusionView) => isExpectedThere(one, recorder.view.plan) && direction !== 'undo'
  const observed = excluded.flatMap((one, index) => {
    const inspection = left[index]
    if (!inspection) return []
    const { snapshot, subject } = inspection
    const agrees = !isMeant(one) || (snapshot !== null && isAtTarget(snapshot, subject, registries(one.package)))
    return [{ one, inspection, observation: observation(one.id, inspection, agrees) }]
  })
  await recorder.emit({
    type: 'sweep.finished',
    observations: [
      ...(await observeSteps(context, steps, inspections)),
      ...observed.filter(({ one }) => isMeant(one)).map((each) => each.observation),
    ],
    excluded: observed.filter(({ one }) => !isMeant(one)).map((each) => each.observation),
  })
  const moved = observed.filter(({ observation: { agrees, pointer } }) => !agrees && pointer !== null)
  return moved.flatMap(({ inspection }) => dueStep(context, inspection) ?? [])
}

async function inspect(context: RunContext, subjects: readonly Subject[]): Promise<readonly Inspection[]> {
  const { recorder, registries, contextFor, config, platform } = context
  const { parallelism } = recorder.view.plan
  return withDeadline(platform.clock, config.rollback.timeoutMs, (signal) =>
    inspectAll(subjects, { registries, contextFor, parallelism, signal }),
  )
}

function observeSteps(
  context: RunContext,
  steps: readonly StepView[],
  inspections: readonly Inspection[],
): Promise<readonly Observation[]> {
  return Promise.all(
    steps.map(async (step, index) => {
      const inspection = inspections[index]
      if (!inspection?.snapshot) return { step: step.id, pointer: null, serving: null, agrees: false }
      const { pointer, isApplied } = inspection.snapshot
      const isSo = agreesWith(step, pointer)
      if ((isSo && isApplied !== false) || !hasExpectedPointer(step)) return observation(step.id, inspection, isSo)
      return readAgain(context, step, inspection)
    }),
  )
}

function observation(step: string, { snapshot }: Inspection, isSo: boolean): Observation {
  return { step, pointer: snapshot?.pointer ?? null, serving: snapshot?.serving ?? null, agrees: isSo }
}

/** What was proved is not given up for one read: that may be an old one. */
async function readAgain(context: RunContext, step: StepView, { subject, registry }: Inspection) {
  const { platform, config } = context
  const { timeoutMs, settleWindowMs } = config.rollback
  const seen = await withDeadline(platform.clock, Math.min(timeoutMs, MAX_WINDOWS * settleWindowMs), (signal) =>
    readBack(context, {
      subject,
      registry,
      want: expectedPointer(step),
      before: step.status === 'undone' ? step.want : step.before,
      answer: 'unknown',
      signal,
      onAgreement: () => Promise.resolve(),
    }),
  )
  if (seen.state === 'unreadable') return { step: step.id, pointer: null, serving: null, agrees: false }
  const isSo = seen.state === 'proved'
  const isUnsteady = seen.state !== 'proved' && seen.isUnsteady
  const { pointer, serving } = seen
  return { step: step.id, pointer, serving, agrees: isSo, ...(isUnsteady ? { isUnsteady } : {}) }
}
