import type { Slot } from '../domain/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyTrafficProvider, TrafficContext } from './provider.ts'

/** The slot that most requests go to; `null` when both get as much, or the provider cannot be read: nobody knows then. */
export async function readActiveSlot(
  provider: AnyTrafficProvider,
  context: TrafficContext<unknown>,
): Promise<Slot | null> {
  try {
    const { blue, green } = (await provider.read(context)).split
    return blue === green ? null : blue > green ? 'blue' : 'green'
  } catch (error) {
    // What cannot be told now is not known: checks of a slot are left out, nothing else depends on it.
    if (context.signal.aborted || !(error instanceof BagboyError)) throw error
    return null
  }
}
