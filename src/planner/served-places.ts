import type { Json } from '../domain/text/json.ts'
import type { PinnedVersion } from '../domain/plan.ts'
import { bareVersion, sameVersion } from '../domain/version.ts'
import { deploymentAt, type PlacedHistory } from './places.ts'

export interface ServedPlaces {
  /** The bare version of somebody who does not get what is expected, or else what everybody gets; `null` when it cannot be told. */
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
  placed: PlacedHistory,
  pointer: Json,
  at: PinnedVersion,
  isHeld: (version: string) => boolean,
): ServedPlaces {
  const { places } = placed
  const found = places.sharesOf(pointer).map((share) => {
    const known = deploymentAt(placed, share.place)?.version
    return { ...share, version: known ?? (places.ofPin(at.pin) === share.place ? at.version : null) }
  })
  const served = found.filter(({ percent }) => percent > 0).map(({ version }) => version)
  const others = served.filter((version) => version === null || !sameVersion(version, at.version))
  const isExpected = served.length > 0 && others.length === 0
  const shown = isExpected ? at.version : (others.find((version) => version !== null && isHeld(version)) ?? others[0])
  return {
    serving: typeof shown === 'string' ? bareVersion(shown) : null,
    isExpected,
    text: found.map(({ place, percent, version }) => `${place} ${percent} % ${version ?? '(unknown)'}`).join(', '),
  }
}
