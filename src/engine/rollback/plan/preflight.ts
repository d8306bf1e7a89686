import { stepId, type PlanStep, type RollbackPlan } from '../../../domain/plan.ts'
import { inspectAll, type Inspection } from '../../../planner/inspect-all.ts'
import { isForeign } from '../reads/prove-exclusions.ts'
import { comparePointer } from '../step/pointer-state.ts'
import type { RunContext } from '../run/run-context.ts'
import { stale } from './stale-plan.ts'
import { withDeadline } from '../../../operation/with-deadline.ts'
import type { Observed, Preflight } from './preflight-reading.ts'

type PreflightParts = Pick<RunContext, 'registries' | 'contextFor' | 'platform' | 'config'>

interface ReadParts extends PreflightParts {
  readonly parallelism: number
}

/**
 * Reads every registry of the plan again, before the lock's first effect; the others of a first group that goes ahead are
 * read when it is through: their programs and requests would only slow it down. A pointer that is neither where the plan
 * saw it nor where the plan wants it makes the plan stale, and so does a registry without a step that was moved from outside.
 * @throws PLAN_STALE with every registry that moved
 */
export async function preflightPlan(plan: RollbackPlan, parts: ReadParts): Promise<Omit<Preflight, 'slotFindings'>> {
  const { ahead, behind } = splitPlan(plan.steps, parts)
  const claims = plan.excluded.filter(({ status, from, to }) => status === 'already' && from && to)
  const subjects = claims.map(({ package: ref, from, to }) => ({ id: stepId(ref), package: ref, from, to }) as Readable)
  const observed = await readSteps([...ahead, ...(behind.length === 0 ? subjects : [])], parts)
  const isForeignNow = (inspection: Inspection | undefined) => inspection !== undefined && isForeign(inspection)
  const moved = [
    ...ahead.filter((step) => hasMoved(step, observed.get(step.id))),
    ...subjects.filter(({ id }) => isForeignNow(observed.get(id))),
  ]
  if (moved.length > 0)
    throw stale(`moved since the plan was made: ${moved.map(({ id }) => id).join(', ')}`, 'this-process')
  return { observed, behind }
}

/** The first group is by itself when all of it goes ahead of the others. */
export function splitPlan(
  steps: readonly PlanStep[],
  { registries }: Pick<PreflightParts, 'registries'>,
): { readonly ahead: readonly PlanStep[]; readonly behind: readonly PlanStep[] } {
  const first = Math.min(...steps.map(({ group }) => group))
  const leading = steps.filter(({ group }) => group === first)
  const runsFirst = leading.every((step) => registries(step.package).driver.runsBeforePreflight === true)
  return runsFirst
    ? { ahead: leading, behind: steps.filter(({ group }) => group !== first) }
    : { ahead: steps, behind: [] }
}

type Readable = Pick<PlanStep, 'id' | 'package' | 'from' | 'to'>

/** Reads, never writes. */
export async function readSteps(
  steps: readonly Readable[],
  { registries, contextFor, platform, config, parallelism }: ReadParts,
): Promise<Observed> {
  const subjects = steps.map(({ package: ref, from, to }) => ({ package: ref, from, to }))
  const inspections = await withDeadline(platform.clock, config.rollback.timeoutMs, (signal) =>
    inspectAll(subjects, { registries, contextFor, parallelism, signal }),
  )
  return new Map(inspections.map((inspection, index) => [steps[index]?.id ?? '', inspection]))
}

/** Whether it was moved from outside since the plan was made. Pure. */
export function hasMoved(step: PlanStep, inspection: Inspection | undefined): boolean {
  if (!inspection?.snapshot || step.deferred !== '') return false
  const state = comparePointer(inspection.snapshot.pointer, step.before, step.want)
  return state === 'other' || state === 'between'
}
