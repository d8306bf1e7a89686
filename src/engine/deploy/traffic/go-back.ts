import { otherSlot, SLOTS, type Slot, type TrafficSplit } from '../../../domain/traffic/traffic.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { checkSlot } from '../analysis/check-slot.ts'
import type { DeployContext } from '../deploy-context.ts'
import { drainOldSlot } from './drain-old-slot.ts'
import { moveTo } from './move-to.ts'
import { observe } from './observe.ts'
import { supervise } from '../supervise.ts'
import { trafficContext } from './traffic-access.ts'

/**
 * Sends everything back to where it was. Never to a slot that fails its checks: then a person is asked, and until then
 * the traffic stays as it is.
 */
export async function goBack(context: DeployContext): Promise<void> {
  const { plan } = context.recorder.view
  const now = await splitNow(context)
  for (const slot of SLOTS.filter((each) => plan.before[each] > now[each])) {
    const version = slot === plan.slot ? plan.version : plan.from
    const { result, detail } = await checkSlot(context, { slot, version, isIdle: now[slot] === 0 })
    if (result === 'failed') return askAboutSlot(context, slot, detail)
  }
  const move = await supervise(context, 'any-command', (signal) =>
    moveTo({ ...context, signal }, plan.before, 'revert'),
  )
  if (move?.status === 'refused') await askAboutSlot(context, otherSlot(plan.slot), move.error.message)
  if (move?.status === 'moved') await drainLeftSlot(context)
}

/** Users of a version that is left do not stay with it for as long as their connections last. */
async function drainLeftSlot(context: DeployContext): Promise<void> {
  const { parts, recorder } = context
  const { slot, before } = recorder.view.plan
  const drainMs = parts.config.blueGreen?.drainMs ?? null
  if (drainMs === null || before[slot] > 0) return
  const { clock } = parts.platform
  const endMs = clock.elapsedMs() + drainMs
  const leftMs = (): number => endMs - clock.elapsedMs()
  const detail = await supervise(context, 'any-command', (signal) => drainOldSlot(context, slot, leftMs, signal))
  if (detail !== undefined) await recorder.emit({ type: 'traffic.drained', slot, detail })
}

/**
 * The traffic may not have been read since a write was cut off. The next writer reports a balancer that cannot be
 * reached.
 */
async function splitNow(context: DeployContext): Promise<TrafficSplit> {
  const { parts, traffic, recorder, signal } = context
  try {
    const snapshot = await traffic.provider.read(trafficContext(parts, traffic, signal))
    await observe(context, snapshot)
    return snapshot.split
  } catch (error) {
    if (!(error instanceof BagboyError) || signal.aborted) throw error
    return recorder.view.expected
  }
}

async function askAboutSlot({ recorder }: DeployContext, slot: Slot, detail: string): Promise<void> {
  await recorder.emit({
    type: 'deploy.asked',
    question: {
      kind: 'other-slot-failing',
      detail: `the traffic is not sent back: ${slot} fails its own checks (${detail})`,
      choices: ['resume', 'take-theirs'],
      error: null,
    },
  })
}
