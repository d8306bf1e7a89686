import { allTo, sameSplit, SLOTS, type Slot } from '../domain/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyTrafficProvider, TrafficContext } from './provider.ts'

/** The slot that has everything; `null` when both get something, or when the provider cannot be read: nobody knows then. */
export async function readActiveSlot(
  provider: AnyTrafficProvider,
  context: TrafficContext<unknown>,
): Promise<Slot | null> {
  try {
    const { split } = await provider.read(context)
    return SLOTS.find((slot) => sameSplit(split, allTo(slot))) ?? null
  } catch (error) {
    if (context.signal.aborted || !(error instanceof BagboyError)) throw error
    return null
  }
}
