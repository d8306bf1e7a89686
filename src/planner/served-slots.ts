import type { Json } from '../domain/text/json.ts'
import type { PinnedVersion } from '../domain/plan.ts'
import { bareVersion, sameVersion } from '../domain/version.ts'
import { deploymentIn, type SlotHistory } from './slot-history.ts'

export interface ServedSlots {
  /**
   * The bare version that some users get instead of the expected one, or else the version that all users get; `null`
   * when it is unknown.
   */
  readonly serving: string | null
  readonly isExpected: boolean
  /** `blue 90 % v1.2.0, green 10 % v1.3.0` */
  readonly text: string
}

/**
 * What people get through a pointer that leads to several places at once, each with a version of its own.
 * @param at what should be served, and where
 * @param isHeld whose share counts before that of any other version
 */
export function servedThrough(
  slotHistory: SlotHistory,
  pointer: Json,
  at: PinnedVersion,
  isHeld: (version: string) => boolean,
): ServedSlots {
  const { slots } = slotHistory
  const found = slots.sharesOf(pointer).map((share) => {
    const known = deploymentIn(slotHistory, share.slot)?.version
    return { ...share, version: known ?? (slots.ofPin(at.pin) === share.slot ? at.version : null) }
  })
  const served = found.filter(({ percent }) => percent > 0).map(({ version }) => version)
  const others = served.filter((version) => version === null || !sameVersion(version, at.version))
  const isExpected = served.length > 0 && others.length === 0
  const shown = isExpected ? at.version : (others.find((version) => version !== null && isHeld(version)) ?? others[0])
  return {
    serving: typeof shown === 'string' ? bareVersion(shown) : null,
    isExpected,
    text: found.map(({ slot, percent, version }) => `${slot} ${percent} % ${version ?? '(unknown)'}`).join(', '),
  }
}
