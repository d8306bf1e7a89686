import type { Slot } from '../../../domain/traffic/traffic.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { DeployContext } from '../deploy-context.ts'
import { trafficContext } from './traffic-access.ts'

/** Between two reads of whether the balancer has seen a slot come up, ms. */
const LOOK_MS = 250

/**
 * A balancer that probes the slots itself finds out later than we do that one has come up. It is waited for as long as
 * one step may take; its answer to the write decides, not this.
 */
export async function waitForSlot(context: DeployContext, slot: Slot, signal: AbortSignal): Promise<void> {
  const { clock } = context.parts.platform
  const endMs = clock.elapsedMs() + context.parts.config.rollback.timeoutMs
  while (clock.elapsedMs() < endMs && (await isDown(context, slot, signal))) await clock.sleep(LOOK_MS, signal)
}

async function isDown({ parts, traffic }: DeployContext, slot: Slot, signal: AbortSignal): Promise<boolean> {
  try {
    const { states } = await traffic.provider.read(trafficContext(parts, traffic, signal))
    return states[slot] === 'down' || states[slot] === 'unresolved'
  } catch (error) {
    // The write itself finds out whether it is still away.
    if (!(error instanceof BagboyError) || signal.aborted) throw error
    return false
  }
}
