import type { Config } from '../config/config.ts'
import type { Slot } from '../domain/traffic/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { Platform } from '../platform/platform.ts'
import type { BoundTraffic } from './bind-traffic.ts'

interface SlotQuery {
  readonly platform: Platform
  readonly config: Pick<Config, 'root' | 'rollback'>
  readonly signal: AbortSignal
}

/** The slot that most requests go to; `null` when both get as much, there are no slots, or the provider cannot be asked. */
export async function readActiveSlot(
  traffic: BoundTraffic | null,
  { platform, config, signal }: SlotQuery,
): Promise<Slot | null> {
  if (!traffic) return null
  const { root, rollback } = config
  const context = { platform, options: traffic.options, signal, timeoutMs: rollback.requestTimeoutMs, root }
  try {
    const { blue, green } = (await traffic.provider.read(context)).split
    return blue === green ? null : blue > green ? 'blue' : 'green'
  } catch (error) {
    // What cannot be told now is not known: checks of a slot are left out, nothing else depends on it.
    if (!(error instanceof BagboyError) || signal.aborted) throw error
    return null
  }
}
