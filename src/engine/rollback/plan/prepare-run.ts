import { sanitize } from '../../../domain/text/sanitize.ts'
import { blockingFindings, type Finding, type RollbackPlan } from '../../../domain/plan.ts'
import { stepEnds } from '../../../domain/step-ends.ts'
import { probeSlots } from './check-slots.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { preflightPlan } from './preflight.ts'
import { failingSlots } from './refuse-failing-slots.ts'
import { changedPlan } from '../remake/changed-plan.ts'
import { remakePlan } from '../remake/remake-plan.ts'
import { stale } from './stale-plan.ts'
import { refusal } from './validate-run.ts'
import type { Preflight } from './preflight-reading.ts'

/**
 * Within this time the health of a slot is not probed again: that would only delay what the operator has just approved.
 */
const FRESH_MS = 60_000

/** The plan that runs, and what was read for it. */
export interface PreparedRun {
  readonly plan: RollbackPlan
  readonly preflight: Preflight
}

/**
 * A plan of this process only has to be read again. Any other is a request: what runs is what this process plans of it.
 * @throws PLAN_STALE, PLAN_CHANGED, VALIDATION_FAILED
 */
export async function prepareRun(parts: EngineParts, plan: RollbackPlan): Promise<PreparedRun> {
  refuseElsewhere(parts, plan)
  await refuseStale(parts, plan)
  if (parts.madePlans.has(plan)) {
    const preflight = await preflightPlan(plan, { ...parts, parallelism: plan.parallelism })
    return { plan, preflight: { ...preflight, slotFindings: await probeAgain(parts, plan) } }
  }
  const { plan: made, ...reading } = await remakePlan(parts, plan)
  refuseBlocked(made)
  return { plan: made, preflight: { ...reading, slotFindings: [] } }
}

/** @throws VALIDATION_FAILED */
export function refuseBlocked(plan: RollbackPlan): void {
  const blocking = blockingFindings(plan)
  if (blocking.length > 0) throw refusal(blocking)
}

/**
 * What the plan found of a place a moment ago is still true; a saved plan may be a day old. An undo is planned without
 * asking.
 */
async function probeAgain(parts: EngineParts, plan: RollbackPlan): Promise<readonly Finding[]> {
  if (plan.kind === 'undo') return probeForUndo(parts, plan)
  const ageMs = Date.parse(parts.platform.clock.now()) - Date.parse(plan.created)
  return ageMs < FRESH_MS ? [] : probeSlots(parts, plan.steps, NEVER)
}

/**
 * Its steps keep the subject of the run they take back: where that came from is where they lead. Refused before there is
 * a run, so that the one to be taken back stays the newest.
 * @throws VALIDATION_FAILED when one fails its own checks
 */
async function probeForUndo(parts: EngineParts, plan: RollbackPlan): Promise<readonly Finding[]> {
  const { steps, to } = plan
  const subjects = steps.map((step) => ({ package: step.package, to: stepEnds(step, plan).to }))
  const findings = await probeSlots(parts, subjects, NEVER)
  const blocking = blockingFindings({ findings, overrides: [] })
  if (blocking.length === 0) return findings
  throw failingSlots('Not started', blocking, `plan it anew, where it can be overridden: bagboy-tui rollback ${to}`)
}

/** Its steps would be looked for among the registries and the entries of something else. @throws PLAN_CHANGED */
function refuseElsewhere({ config }: EngineParts, plan: RollbackPlan): void {
  for (const key of ['app', 'environment'] as const) {
    if (plan[key] !== config[key])
      throw changedPlan(key, `is ${sanitize(plan[key], 200)}, and here it is ${config[key]}`)
  }
}

/** @throws PLAN_STALE when it expired, or was made from another configuration or history */
async function refuseStale(parts: EngineParts, plan: RollbackPlan): Promise<void> {
  const { config, history, platform } = parts
  const from = parts.madePlans.has(plan) ? 'this-process' : 'file'
  if (Date.parse(plan.expires) < Date.parse(platform.clock.now())) throw stale(`it expired at ${plan.expires}`, from)
  if (plan.configHash !== config.hash) throw stale(`${config.file} changed since`, from)
  const { hash } = await history.read()
  if (plan.historyHash !== hash) throw stale(`${config.history.file} changed since`, from)
}
