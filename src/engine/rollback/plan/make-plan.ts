import type { RollbackPlan } from '../../../domain/plan.ts'
import { planRollback } from '../../../planner/plan-rollback.ts'
import type { RollbackRequest } from '../../engine.ts'
import { NEVER, newRunId, type EngineParts } from '../../engine-parts.ts'
import { readRequested, type Requested } from './read-requested.ts'
import { readUntilConfirmed } from '../reads/read-until-confirmed.ts'

/** Reads every registry, decides, writes nothing. @throws TARGET_*, HISTORY_*, CONFIG_* */
export async function makePlan(
  parts: EngineParts,
  request: RollbackRequest,
  signal: AbortSignal = NEVER,
): Promise<RollbackPlan> {
  const requested = await readRequested(parts, request, signal)
  const first = assemblePlan(parts, request, requested)
  // A run proves itself that a registry needs nothing; where all need nothing there is none, and this is the last word.
  const isLastWord = first.steps.length === 0
  const plan = isLastWord ? assemblePlan(parts, request, await readUntilConfirmed(parts, requested, signal)) : first
  parts.madePlans.add(plan)
  return plan
}

export function assemblePlan(
  { config, platform }: EngineParts,
  { reason, incident, overrides, trigger }: Pick<RollbackPlan, 'reason' | 'incident' | 'overrides' | 'trigger'>,
  { facts, inspections, checked, released }: Requested,
): RollbackPlan {
  return planRollback({
    ...facts,
    id: newRunId(platform),
    config,
    inspections,
    released,
    validations: [...facts.findings, ...checked.findings],
    notes: checked.notes,
    reason,
    incident,
    overrides,
    trigger,
  })
}
