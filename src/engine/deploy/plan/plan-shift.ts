import { activeDeployment, type History } from '../../../domain/deployment.ts'
import type { DeployPlan, DeployStage } from '../../../domain/traffic/deploy-plan.ts'
import { otherSlot, type Slot, type TrafficSplit } from '../../../domain/traffic/traffic.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { refuseHeld } from '../../records/capture-package.ts'
import { refuseWhileOpen } from '../../rollback/plan/refuse-while-open.ts'
import type { ShiftRequest } from '../deploy.ts'
import { commonParts } from './plan-deploy.ts'
import { drainStage } from './plan-stages.ts'
import { readWritable, requireTraffic } from '../traffic/traffic-access.ts'
import { versionIn } from './version-in.ts'

/** Traffic that is moved manually. Reads only. @throws as the engine's `planShift` says */
export async function planShift(
  parts: EngineParts,
  { slot: asked, percent, reason }: ShiftRequest,
  signal: AbortSignal = NEVER,
): Promise<DeployPlan> {
  const bound = requireTraffic(parts)
  await refuseWhileOpen(parts)
  const { history } = await parts.history.read()
  const { split, warnings } = await readWritable(parts, bound, signal)
  requireShare(bound.provider.capabilities(bound.options).weighted, percent, bound.provider.title)
  const named = asked ?? standby(history, split)
  // The slot that gains is the one the plan is about, whichever was named.
  const isGain = percent >= split[named]
  const slot = isGain ? named : otherSlot(named)
  const share = isGain ? percent : 100 - percent
  const version = versionIn(history, slot) ?? ''
  refuseHeld(history, version, parts.platform.clock.now())
  return {
    ...commonParts(parts, { now: parts.platform.clock.now(), live: activeDeployment(history) }),
    kind: 'shift',
    version,
    commit: '',
    reason,
    slot,
    provider: bound.provider.kind,
    before: split,
    stages: [
      ...stagesFor(share, split[slot], history, slot),
      ...(share === 100 && parts.config.blueGreen ? drainStage(parts.config.blueGreen) : []),
    ],
    warnings,
  }
}

/** The one that is not the live version's: it has less of the traffic, or, when both have as much, the history says. */
function standby(history: History, { blue, green }: TrafficSplit): Slot {
  if (blue !== green) return blue > green ? 'green' : 'blue'
  const live = activeDeployment(history)
  return live && versionIn(history, 'green') === live.version ? 'blue' : 'green'
}

function stagesFor(percent: number, now: number, history: History, slot: Slot): readonly DeployStage[] {
  const live = activeDeployment(history)?.version
  const isOther = percent === 100 && versionIn(history, slot) !== live
  return [
    ...(percent > now ? [{ kind: 'checks' } as const] : []),
    { kind: 'weight', percent },
    ...(isOther ? [{ kind: 'record' } as const] : []),
  ]
}

function requireShare(isWeighted: boolean, percent: number, title: string): void {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
    throw new BagboyError('USAGE', `${percent} is no share: whole percent from 0 to 100 are.`)
  }
  if (isWeighted || percent === 0 || percent === 100) return
  throw new BagboyError('VALIDATION_FAILED', `${title} takes all or nothing, not ${percent} %.`, {
    hint: 'Move all of it: bagboy-tui traffic switch',
  })
}
