import type { Deployment, History } from '../../../domain/deployment.ts'
import type { Finding, PlanExclusion } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { pairPackages } from '../../../planner/pair-packages.ts'
import { skipTaken } from '../../../planner/slot-history.ts'
import { resolveTarget } from '../../../planner/resolve-target.ts'
import type { Subject } from '../../../registries/driver.ts'
import type { TargetContext } from '../../../validation/target-context.ts'
import { validateTarget } from '../../../validation/validate-target.ts'
import { checkSlots, type CheckedSlots } from './check-slots.ts'
import type { RollbackRequest } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { sameVersion } from '../../../domain/version.ts'

/** What the history and the configuration say of a request, before any registry is read. */
export interface PlanFacts {
  readonly now: string
  readonly history: History
  readonly historyHash: string
  readonly active: Deployment
  readonly target: Deployment
  readonly subjects: readonly Subject[]
  readonly excluded: readonly PlanExclusion[]
  readonly findings: readonly Finding[]
}

/** @throws TARGET_*, HISTORY_*, USAGE */
export async function readFacts(
  { config, platform, history: store, registries }: EngineParts,
  request: Pick<RollbackRequest, 'target' | 'only' | 'except'>,
): Promise<PlanFacts> {
  const { history, hash: historyHash, readOnly } = await store.read()
  if (readOnly !== null) throw new BagboyError('HISTORY_TOO_NEW', readOnly)
  const now = platform.clock.now()
  const { active, target } = resolveTarget(history, request.target, now)
  const pairing = pairPackages(active, target, config.app, request)
  const pairs = skipTaken(pairing, history, registries)
  return { now, history, historyHash, active, target, ...pairs }
}

/** The configured checks of the target and of the slots that steps lead to. */
export async function checkFacts(
  parts: EngineParts,
  { active, target, subjects, history }: PlanFacts,
  signal: AbortSignal,
): Promise<CheckedSlots> {
  const [validations, slots] = await Promise.all([
    checkTarget(parts, { active, target, subjects }, signal),
    checkSlots(parts, { subjects, history }, signal),
  ])
  return { findings: [...slots.findings, ...validations], notes: slots.notes }
}

/** The version that is live needs no check of what it would be to go back to it. */
async function checkTarget(
  { platform, config, activeSlot }: EngineParts,
  facts: Pick<TargetContext, 'active' | 'target' | 'subjects'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (sameVersion(facts.active.version, facts.target.version)) return []
  const copies = { ...config.health.slots, active: (await activeSlot?.(signal)) ?? null }
  return validateTarget({ ...facts, platform, config, copies, signal })
}
