import type { RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { inspectAll } from '../planner/inspect-all.ts'
import { pairPackages } from '../planner/pair-packages.ts'
import { planRollback } from '../planner/plan-rollback.ts'
import { resolveTarget } from '../planner/resolve-target.ts'
import type { RollbackRequest } from './engine.ts'
import { NEVER, newRunId, type EngineParts } from './engine-parts.ts'

/** Reads every registry, decides, writes nothing. @throws TARGET_*, HISTORY_*, CONFIG_* */
export async function makePlan(
  parts: EngineParts,
  request: RollbackRequest,
  signal: AbortSignal = NEVER,
): Promise<RollbackPlan> {
  const { config, platform } = parts
  const { history, hash, readOnly } = await parts.history.read()
  if (readOnly !== null) throw new BagboyError('HISTORY_TOO_NEW', readOnly)
  const now = platform.clock.now()
  const { active, target } = resolveTarget(history, request.target, now)
  const { subjects, excluded } = pairPackages(active, target, config.app, request)
  const inspections = await inspectAll(subjects, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: config.rollback.parallelism,
    signal,
  })
  const { reason, incident, overrides, trigger } = request
  const facts = { id: newRunId(platform), now, config, history, historyHash: hash, active, target }
  return planRollback({ ...facts, inspections, excluded, reason, incident, overrides, trigger })
}
