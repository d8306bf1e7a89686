import type { DeployPlan } from '../../../domain/traffic/deploy-plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { projectDeploy } from '../../../events/project-deploy.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import { configuredPackages } from '../../records/capture-package.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { promotionEdits } from '../deploy-history.ts'

/**
 * Works out what the deploy writes into the history when its version has all of the traffic, and writes nothing: a history
 * that cannot take it is found while nothing has moved.
 * @throws HISTORY_INVALID and what else a commit throws
 */
export async function rehearsePromotion(
  { history, config, actor, tool, platform }: EngineParts,
  plan: DeployPlan,
  { epoch }: Pick<HeldLock, 'epoch'>,
): Promise<void> {
  if (plan.version === '') return
  const now = platform.clock.now()
  const event = { type: 'deploy.started', plan, epoch, actor, tool } as const
  const view = projectDeploy(undefined, { ...event, run: plan.id, seq: 1, at: now })
  if (!view) throw new BagboyError('BUG', `The deploy ${plan.id} has no beginning.`)
  const others = configuredPackages(config).map((ref) => ({ ...ref, status: 'skipped' as const }))
  await history.rehearse((loaded) => promotionEdits(loaded.history, { view, actor, now }, others), {
    run: plan.id,
    epoch,
    purpose: `deploy ${plan.version}`,
    actor,
  })
}
