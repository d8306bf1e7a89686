import type { RollbackPlan } from '../../domain/plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { projectRun } from '../../events/project-run.ts'
import type { HeldLock } from '../../lock/lock.ts'
import { hashPlan } from '../../planner/plan-rollback.ts'
import type { EngineParts } from '../engine-parts.ts'
import { historyEdits } from './history-edits.ts'

/**
 * Works out what a complete run writes into the history, and writes nothing: a history that cannot take it is found while
 * nothing has moved.
 * @throws HISTORY_INVALID and what else a commit throws
 */
export async function rehearseHistory(
  { history, registries, actor, tool, platform }: EngineParts,
  plan: RollbackPlan,
  { epoch }: Pick<HeldLock, 'epoch'>,
): Promise<void> {
  const now = platform.clock.now()
  const event = { type: 'run.started', plan, planHash: hashPlan(plan), epoch, actor, tool } as const
  const view = projectRun(undefined, { ...event, run: plan.id, seq: 1, at: now })
  if (!view) throw new BagboyError('BUG', `The run ${plan.id} has no beginning.`)
  const facts = { view, result: 'complete', actor, now, registries } as const
  await history.rehearse((loaded) => historyEdits(loaded.history, facts), {
    run: plan.id,
    epoch,
    purpose: `${plan.kind} complete`,
    actor,
  })
}
