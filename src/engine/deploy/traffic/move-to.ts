import { sameSplit, type Slot, type TrafficSplit } from '../../../domain/traffic/traffic.ts'
import type { DeployEvent } from '../../../events/deploy-events.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import { moveTraffic } from '../../../traffic/move-traffic.ts'
import type { TrafficSnapshot } from '../../../traffic/provider.ts'
import { createWriteFence } from '../../rollback/step/write-fence.ts'
import type { DeployContext } from '../deploy-context.ts'
import { askAboutChange, observe } from './observe.ts'
import { trafficContext } from './traffic-access.ts'
import { untilAnswered, type MoveResult } from './until-answered.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

type Purpose = Extract<DeployEvent, { type: 'traffic.intended' }>['purpose']

/**
 * Moves traffic to a split: reads, records the intent, writes, and reads back. Only a step of a deploy stops at a
 * change from outside; going back and restoring overwrite it.
 */
export async function moveTo(context: DeployContext, to: TrafficSplit, purpose: Purpose): Promise<MoveResult> {
  return untilAnswered(context, () => moveOnce(context, to, purpose))
}

async function moveOnce(context: DeployContext, to: TrafficSplit, purpose: Purpose): Promise<MoveResult> {
  const { parts, recorder, traffic, lock, signal } = context
  const { clock } = parts.platform
  const fence = createWriteFence({ clock, lock, ttlMs: parts.config.lock.ttlMs })
  const access = trafficContext(parts, traffic, signal, fence)
  const snapshot = await traffic.provider.read(access)
  await observe(context, snapshot)
  if (purpose === 'step' && isForeign(recorder.view, snapshot)) {
    await askAboutChange(context, snapshot.split)
    return { status: 'asked' }
  }
  const { split: from, revision } = snapshot
  await recorder.emit({ type: 'traffic.intended', from, to, revision, purpose })
  failpoint('deploy:intended')
  const request = { split: to, ifMatch: revision, proveWithinMs: parts.config.rollback.timeoutMs }
  const { status, after, error } = await moveTraffic(traffic.provider, request, access)
  failpoint('deploy:moved')
  const sessions = after.sessions === null ? {} : { sessions: after.sessions }
  await recorder.emit({
    type: 'traffic.moved',
    split: after.split,
    status,
    requests: after.requests,
    ...sessions,
    error,
  })
  return { status: 'moved' }
}

/**
 * Our own write that was cut off may have been applied, not applied, or half applied; anything else is a change from
 * outside.
 */
function isForeign({ expected, owed, plan }: DeployView, { split }: TrafficSnapshot): boolean {
  if (sameSplit(split, expected)) return false
  return owed === null || !liesBetween(split, owed, plan.slot)
}

/** A balancer of several servers is written one after the other: on the way its share lies between the two. */
function liesBetween(split: TrafficSplit, { from, to }: NonNullable<DeployView['owed']>, slot: Slot): boolean {
  const [low, high] = [Math.min(from[slot], to[slot]), Math.max(from[slot], to[slot])]
  return split[slot] >= low && split[slot] <= high
}
