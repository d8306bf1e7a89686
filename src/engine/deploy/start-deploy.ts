import { canonicalJson, type Json } from '../../domain/text/json.ts'
import { activeDeployment } from '../../domain/deployment.ts'
import type { DeployPlan } from '../../domain/traffic/deploy-plan.ts'
import { deployPurpose } from '../../domain/lock-purpose.ts'
import { sameSplit, splitText } from '../../domain/traffic/traffic.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { refuseHeld } from '../records/capture-package.ts'
import type { EngineParts } from '../engine-parts.ts'
import { refuseWhileOpen } from '../rollback/plan/refuse-while-open.ts'
import type { DeployEvent } from '../../events/deploy-events.ts'
import type { DeployView } from '../../events/deploy-view.ts'
import { projectDeploy } from '../../events/project-deploy.ts'
import { createRecorder } from '../../operation/recorder.ts'
import type { DeployHandle } from './deploy.ts'
import { launchDeploy, settleDeploy } from './launch-deploy.ts'
import { rehearsePromotion } from './plan/rehearse-promotion.ts'
import { readWritable, requireTraffic } from './traffic/traffic-access.ts'
import { versionIn } from './plan/version-in.ts'
import { withLock } from '../../operation/with-lock.ts'

/** Starts what was planned. Nothing but the lock is written before the balancer and the history were read again. */
export function startDeploy(parts: EngineParts, plan: DeployPlan): DeployHandle {
  return launchDeploy(plan.id, async ({ stream, signal }) => {
    const traffic = requireTraffic(parts)
    return withLock(parts, { run: plan.id, purpose: deployPurpose(plan) }, async (lock) => {
      await refuseWhileOpen(parts)
      await refuseChanged(parts, plan, signal)
      await rehearsePromotion(parts, plan, lock)
      await lock.assertHeld()
      const journal = await parts.deploys.journals.create(plan.id, canonicalJson(plan as unknown as Json))
      const { platform } = parts
      const recorder = createRecorder<DeployEvent, DeployView>(
        { run: plan.id, journal, stream, platform, lock },
        projectDeploy,
      )
      await recorder.emit({ type: 'deploy.started', plan, epoch: lock.epoch, actor: parts.actor, tool: parts.tool })
      return settleDeploy({ parts, traffic, recorder, lock, signal })
    })
  })
}

/** @throws TARGET_UNSAFE when the version was held since, PLAN_STALE when the history or the traffic says otherwise since */
async function refuseChanged(parts: EngineParts, plan: DeployPlan, signal: AbortSignal): Promise<void> {
  const { history } = await parts.history.read()
  refuseHeld(history, plan.version, parts.platform.clock.now())
  const live = activeDeployment(history)?.version ?? ''
  if (live !== plan.from) throw stale(`${nameOf(plan.from)} was live and ${nameOf(live)} is`)
  const found = versionIn(history, plan.slot) ?? ''
  if (plan.kind === 'shift' && found !== plan.version) {
    throw stale(`${plan.slot} had ${nameOf(plan.version)} and has ${nameOf(found)}`)
  }
  const { split } = await readWritable(parts, requireTraffic(parts), signal)
  if (sameSplit(split, plan.before)) return
  throw stale(`the traffic stood at ${splitText(plan.before)} and stands at ${splitText(split)}`)
}

function nameOf(version: string): string {
  return version === '' ? 'no known version' : version
}

function stale(difference: string): BagboyError {
  return new BagboyError('PLAN_STALE', `Something moved since this was planned: ${difference}.`, {
    hint: 'Nothing was changed. Look at it, and start again: bagboy-tui traffic status',
  })
}
