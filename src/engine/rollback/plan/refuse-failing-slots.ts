import { sameJson } from '../../../domain/text/json.ts'
import { blockingFindings, type Finding, type PinnedVersion } from '../../../domain/plan.ts'
import { stepEnds } from '../../../domain/step-ends.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Direction } from '../../../events/events.ts'
import type { StepView } from '../../../events/project-run.ts'
import { inspectAll } from '../../../planner/inspect-all.ts'
import { probeSlots } from './check-slots.ts'
import { NEVER } from '../../engine-parts.ts'
import { subjectOf, type RunContext } from '../run/run-context.ts'

/**
 * Before a resumed run writes: whether the slots that it would still send users to pass their checks. The findings of
 * the plan may be old, and the slots that an undo leads to were never probed.
 * @throws VALIDATION_FAILED when a slot fails
 */
export async function refuseFailingSlots(context: RunContext, direction: Direction): Promise<void> {
  const { plan } = context.recorder.view
  const ahead = await stepsAhead(context, direction)
  const subjects = ahead.map((step) => ({
    package: step.plan.package,
    to: destinationOf(step, context.recorder.view, direction),
  }))
  // An override covers the slot that the run led to; it does not cover the slot that an undo leads back to.
  const overrides = direction === 'do' ? plan.overrides : []
  const blocking = blockingFindings({ findings: await probeSlots(context, subjects, NEVER), overrides })
  if (blocking.length === 0) return
  const skip = `bagboy-tui runs skip ${context.run} ${ahead[0]?.id ?? ''} --reason TEXT`
  throw failingSlots('Not gone on with', blocking, `leave the step out: ${skip}`)
}

/** What is not done because a place fails its own checks; `otherwise` is what helps beside repairing it. */
export function failingSlots(what: string, blocking: readonly Finding[], otherwise: string): BagboyError {
  const lines = blocking.map(({ code, title, detail }) => `${code} ${title}: ${detail}`)
  return new BagboyError('VALIDATION_FAILED', `${what}: ${lines.join('\n  ')}`, {
    hint: `No users were sent there. Repair it and do this again, or ${otherwise}`,
    details: blocking.map(({ code }) => code),
  })
}

function destinationOf({ plan }: StepView, run: RunContext['recorder']['view'], direction: Direction): PinnedVersion {
  const { from, to } = stepEnds(plan, run.plan)
  return direction === 'do' ? to : from
}

/** Those that lead to a place and are not there. One that cannot be read may still have to be written. */
async function stepsAhead(context: RunContext, direction: Direction): Promise<readonly StepView[]> {
  const { recorder, registries, contextFor, only } = context
  const isMeant = ({ id, status, wasIntended }: StepView): boolean =>
    (only?.includes(id) ?? true) && status !== 'skipped' && (direction === 'do' || wasIntended)
  const steps = recorder.view.steps.filter(
    (step) => isMeant(step) && registries(step.plan.package).driver.slots !== undefined,
  )
  const inspections = await inspectAll(steps.map(subjectOf), { registries, contextFor, parallelism: 1, signal: NEVER })
  return steps.filter((step, index) => {
    const goal = direction === 'do' ? step.want : step.before
    const snapshot = inspections[index]?.snapshot
    return !snapshot || !sameJson(snapshot.pointer, goal)
  })
}
