import type { Finding, RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { inspectAll } from '../planner/inspect-all.ts'
import { pairPackages } from '../planner/pair-packages.ts'
import { leaveOutTaken } from '../planner/places.ts'
import { planRollback } from '../planner/plan-rollback.ts'
import { resolveTarget } from '../planner/resolve-target.ts'
import type { TargetContext } from '../validation/target-context.ts'
import { validateTarget } from '../validation/validate-target.ts'
import { checkPlaces } from './check-places.ts'
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
  const pairing = pairPackages(active, target, config.app, request)
  const { subjects, excluded, findings } = leaveOutTaken(
    pairing,
    { history, environment: config.environment },
    parts.registries,
  )
  const [inspections, validations, places] = await Promise.all([
    inspectAll(subjects, {
      registries: parts.registries,
      contextFor: parts.contextFor,
      parallelism: config.rollback.parallelism,
      signal,
    }),
    checkTarget(parts, { active, target, subjects }, signal),
    checkPlaces(parts, { subjects, history }, signal),
  ])
  const { reason, incident, overrides, trigger } = request
  const facts = { id: newRunId(platform), now, config, history, historyHash: hash, active, target }
  return planRollback({
    ...facts,
    inspections,
    validations: [...findings, ...places.findings, ...validations],
    notes: places.notes,
    excluded,
    reason,
    incident,
    overrides,
    trigger,
  })
}

/** The version that is live needs no check of what it would be to go back to it. */
async function checkTarget(
  { platform, config, activeSlot }: EngineParts,
  facts: Pick<TargetContext, 'active' | 'target' | 'subjects'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (facts.active.version === facts.target.version) return []
  const copies = { ...config.health.slots, active: (await activeSlot?.(signal)) ?? null }
  return validateTarget({ ...facts, platform, config, copies, signal })
}
