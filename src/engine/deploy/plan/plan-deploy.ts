import type { Config } from '../../../config/config.ts'
import type { DeployPlan } from '../../../domain/traffic/deploy-plan.ts'
import { activeDeployment, type Deployment } from '../../../domain/deployment.ts'
import { SLOTS, splitText, type Slot, type TrafficSplit } from '../../../domain/traffic/traffic.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { NEVER, newRunId, type EngineParts } from '../../engine-parts.ts'
import { refuseWhileOpen } from '../../rollback/plan/refuse-while-open.ts'
import { refuseHeld, requireVersion } from '../../records/capture-package.ts'
import type { DeployRequest } from '../deploy.ts'
import { newestKept } from '../recovery/deploy-list.ts'
import { planStages } from './plan-stages.ts'
import { slotProbes } from '../analysis/slot-probes.ts'
import { readWritable, requireTraffic } from '../traffic/traffic-access.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

/** Which version goes where and how. Reads only. @throws as the engine's `planDeploy` says */
export async function planDeploy(
  parts: EngineParts,
  request: DeployRequest,
  signal: AbortSignal = NEVER,
): Promise<DeployPlan> {
  const bound = requireTraffic(parts)
  const version = requireVersion(request.version)
  const { config, platform } = parts
  const now = platform.clock.now()
  const { history, readOnly } = await parts.history.read()
  if (readOnly !== null) throw new BagboyError('HISTORY_TOO_NEW', readOnly)
  refuseHeld(history, version, now)
  await refuseWhileOpen(parts)
  const { split, warnings } = await readWritable(parts, bound, signal)
  const slot = requireIdle(split, bound.provider.title)
  const live = activeDeployment(history)
  return {
    ...commonParts(parts, { now, live }),
    kind: 'deploy',
    version,
    commit: request.commit,
    reason: request.reason,
    slot,
    provider: bound.provider.kind,
    before: split,
    stages: planStages(config),
    warnings: [...warnings, ...warningsOf(config, { slot, version, kept: await newestKept(parts), now })],
  }
}

type Common = Pick<
  DeployPlan,
  'id' | 'created' | 'app' | 'environment' | 'from' | 'onFailure' | 'keepPreviousMs' | 'hold'
>

export function commonParts(
  { config, platform }: EngineParts,
  { now, live }: { readonly now: string; readonly live: Deployment | undefined },
): Common {
  return {
    id: newRunId(platform),
    created: now,
    app: config.app,
    environment: config.environment,
    from: live?.version ?? '',
    onFailure: config.blueGreen?.traffic?.onFailure ?? 'revert',
    keepPreviousMs: config.blueGreen?.keepPreviousMs ?? 0,
    hold: config.rollback.hold,
  }
}

/** The slot without traffic. It is read every time, never remembered. */
function requireIdle(split: TrafficSplit, title: string): Slot {
  const idle = SLOTS.filter((slot) => split[slot] === 0)
  const [slot] = idle
  if (slot && idle.length === 1) return slot
  throw new BagboyError('VALIDATION_FAILED', `${title} has no idle slot to deploy into: ${splitText(split)}.`, {
    hint: 'Send everything to one slot first: bagboy-tui traffic shift 100 --slot blue',
  })
}

interface Circumstances {
  readonly slot: Slot
  readonly version: string
  readonly kept: DeployView['kept']
  readonly now: string
}

function warningsOf(config: Config, { slot, version, kept, now }: Circumstances): readonly string[] {
  const isKept = kept !== null && kept.slot === slot && kept.until > now
  const canAsk = slotProbes(config, { slot, version, isIdle: true }).length > 0
  return [
    ...(config.blueGreen?.deploy ? [] : [`no blue_green.deploy.command: ${version} has to be in ${slot} already`]),
    ...(canAsk ? [] : [`no health check can ask ${slot} before traffic moves`]),
    ...(isKept ? [`${slot} keeps ${kept.version} to go back to until ${kept.until}; this ends that`] : []),
  ]
}
