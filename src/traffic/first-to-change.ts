import { otherSlot, SLOTS, type PerSlot, type Slot } from '../domain/traffic/traffic.ts'

/**
 * Which slot to change first where both cannot be changed at once: for the moment between the two commands one slot has
 * to take the requests, and shares should lie between the old and the new ones. Pure.
 */
export function firstToChange(from: PerSlot<number>, to: PerSlot<number>): Slot {
  const between = (slot: Slot): PerSlot<number> => ({ ...from, [slot]: to[slot] })
  const [blue, green] = SLOTS.map((slot) => overshoot(between(slot), from, to))
  if (blue !== green) return (blue ?? 0) < (green ?? 0) ? 'blue' : 'green'
  return to.blue > from.blue ? 'blue' : otherSlot('blue')
}

/** How far the share lies outside of the two it should lie between; infinite when no slot takes requests. */
function overshoot(moment: PerSlot<number>, from: PerSlot<number>, to: PerSlot<number>): number {
  if (moment.blue + moment.green === 0) return Number.POSITIVE_INFINITY
  const [before = shareOf(to), now = 0, after = 0] = [shareOf(from), shareOf(moment), shareOf(to)]
  return Math.max(0, now - Math.max(before ?? 0, after), Math.min(before ?? 0, after) - now)
}

function shareOf({ blue, green }: PerSlot<number>): number | undefined {
  return blue + green === 0 ? undefined : blue / (blue + green)
}
