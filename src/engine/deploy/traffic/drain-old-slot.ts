import type { Slot } from '../../../domain/traffic/traffic.ts'
import { drainedText, drainSlot } from '../../../traffic/drain-slot.ts'
import { createWriteFence } from '../../rollback/step/write-fence.ts'
import type { DeployContext } from '../deploy-context.ts'
import { trafficContext } from './traffic-access.ts'

/** Lets the sessions of the slot that lost its traffic end by themselves for so long; then they are ended. @returns in words */
export async function drainOldSlot(
  { parts, traffic, lock }: DeployContext,
  slot: Slot,
  leftMs: () => number,
  signal: AbortSignal,
): Promise<string> {
  const fence = createWriteFence({ clock: parts.platform.clock, lock, ttlMs: parts.config.lock.ttlMs })
  const access = trafficContext(parts, traffic, signal, fence)
  return drainedText(traffic.provider.title, slot, drainSlot(traffic.provider, slot, leftMs, access))
}
