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
 * Before a run that is taken up again writes: whether the places it would still send users to pass their own checks. What
 * was found of them when it was planned may be long ago, and nobody ever asked those it takes its users back to.
 * @throws VALIDATION_FAILED when one fails them
 */
export async function refuseFailingSlots(context: RunContext, direction: Direction): Promise<void> {
  const { plan } = context.recorder.view
  const ahead = await stepsAhead(context, direction)
  const subjects = ahead.map((step) => ({
    package: step.plan.package,
    to: destinationOf(step, context.recorder.view, direction),
  }))
  // What was overridden was the place that was gone to; nobody insisted on the one it would take its users back to.
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
    hint: `Nobody was sent there. Repair it and do this again, or ${otherwise}`,
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
