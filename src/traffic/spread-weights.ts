import { perSlot, SLOTS, type PerSlot, type TrafficSplit } from '../domain/traffic/traffic.ts'

/** How many times the percentages may be multiplied to come out whole. */
const MAX_FACTOR = 1000

/**
 * Whole weights for the members of both slots, together in the proportion of `split`, within a slot in that of their
 * `capacities`: exact where `max` has room for it, otherwise as near as it gets. Who gets a share gets at least 1. Pure.
 */
export function spreadWeights(
  split: TrafficSplit,
  capacities: PerSlot<readonly number[]>,
  max: number,
): PerSlot<readonly number[]> {
  const ideal = perSlot((slot) => {
    const total = capacities[slot].reduce((sum, capacity) => sum + capacity, 0)
    return capacities[slot].map((capacity) => (split[slot] * capacity) / total)
  })
  const largest = Math.max(...SLOTS.flatMap((slot) => ideal[slot]))
  const factor =
    wholeFactor(
      SLOTS.flatMap((slot) => ideal[slot]),
      max / largest,
    ) ?? max / largest
  return perSlot((slot) => ideal[slot].map((weight) => (weight === 0 ? 0 : Math.max(1, Math.round(weight * factor)))))
}

function wholeFactor(weights: readonly number[], limit: number): number | undefined {
  for (let factor = 1; factor <= Math.min(limit, MAX_FACTOR); factor += 1) {
    if (weights.every((weight) => Math.abs(weight * factor - Math.round(weight * factor)) < 1e-6)) return factor
  }
  return undefined
}
