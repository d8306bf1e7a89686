import { otherSlot, SLOTS, type Slot } from '../../domain/traffic.ts'
import { checkSlot } from './check-slot.ts'
import type { DeployContext } from './deploy-context.ts'
import { moveTo } from './move-to.ts'

/**
 * Sends everything back to where it was. Never to a slot that fails its own checks: then a person is asked, and until then
 * the traffic stays as it is.
 */
export async function goBack(context: DeployContext): Promise<void> {
  const { recorder } = context
  const { plan, traffic, expected } = recorder.view
  const { before } = plan
  const now = recorder.view.foreign ?? traffic?.split ?? expected
  for (const slot of SLOTS.filter((each) => before[each] > now[each] || mayBeOwed(context, each))) {
    const version = slot === plan.slot ? plan.version : plan.from
    const { result, detail } = await checkSlot(context, { slot, version, isIdle: now[slot] === 0 })
    if (result === 'failed') return askAboutSlot(context, slot, detail)
  }
  const move = await moveTo(context, before, 'revert')
  if (move.status === 'refused') await askAboutSlot(context, otherSlot(plan.slot), move.error.message)
}

/** A write that was cut off may have taken everything from a slot. */
function mayBeOwed({ recorder }: DeployContext, slot: Slot): boolean {
  const { owed, plan } = recorder.view
  return owed !== null && plan.before[slot] > owed.to[slot]
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
