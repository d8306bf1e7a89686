import type { Slot } from '../domain/traffic/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { AnyTrafficProvider, TrafficContext } from './provider.ts'

/** Between two reads of how many sessions are left, ms. */
const LOOK_MS = 250

export interface Drained {
  /** Still open at the end; `null` = the provider does not report it. */
  readonly left: number | null
  /** Whether the provider was told to end those that were still open at the end. */
  readonly isEnded: boolean
}

/**
 * Waits for the sessions of a slot that gets no new ones, and has the provider end those that are still open when the time
 * is over, where it can. One that takes requests again is left as it is.
 * @param leftMs how much of the time is left
 * @throws as the provider's `read` and `endSessions`
 */
export async function drainSlot(
  provider: AnyTrafficProvider,
  slot: Slot,
  leftMs: () => number,
  context: TrafficContext<unknown>,
): Promise<Drained> {
  for (;;) {
    const { sessions, split } = await provider.read(context)
    if (sessions === null) return { left: null, isEnded: false }
    const left = sessions[slot]
    if (left === 0 || split[slot] > 0) return { left, isEnded: false }
    const waitMs = leftMs()
    if (waitMs <= 0) {
      if (!provider.endSessions) return { left, isEnded: false }
      await provider.endSessions(slot, context)
      return { left, isEnded: true }
    }
    await context.platform.clock.sleep(Math.min(LOOK_MS, waitMs), context.signal)
  }
}

/** The result, for people; a provider that could not be read gives the reason. Pure but for the wait. */
export async function drainedText(title: string, slot: Slot, draining: Promise<Drained>): Promise<string> {
  try {
    const { left, isEnded } = await draining
    if (left === null) return `${title} does not tell how many sessions are open on ${slot}`
    if (isEnded) return `${counted(left)} on ${slot} ${left === 1 ? 'was' : 'were'} ended`
    return left === 0 ? `no session is left on ${slot}` : `${counted(left)} still on ${slot}`
  } catch (error) {
    if (!(error instanceof BagboyError) || !error.code.startsWith('REGISTRY_')) throw error
    return `the sessions on ${slot} could not be ended: ${error.message}`
  }
}

function counted(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
