import { z } from 'zod'
import type { Json } from '../domain/text/json.ts'
import { SLOTS, type Slot, type TrafficSplit } from '../domain/traffic/traffic.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

const percent = z.int().min(0).max(100)
const pointerForm = z.strictObject({ blue: percent, green: percent })
const pinForm = z.object({ slot: z.enum(SLOTS) })

/** A split as the pointer of a step: `{ blue: 90, green: 10 }`. Pure. */
export function toPointer({ blue, green }: TrafficSplit): Json {
  return { blue, green }
}

/** Pure. @throws PLAN_INVALID for what is no split */
export function splitOf(pointer: Json): TrafficSplit {
  const parsed = pointerForm.safeParse(pointer)
  if (parsed.success) return parsed.data
  throw new BagboyError('PLAN_INVALID', 'traffic: what should be a split is none', { hint: 'Make the plan again.' })
}

/** The slot a pin names; `null` when it names none. Pure. */
export function slotOf(pin: Json): Slot | null {
  const parsed = pinForm.safeParse(pin)
  return parsed.success ? parsed.data.slot : null
}

/** Whether a split lies on the way from one to the other, without being either of them. Pure. */
export function splitsBetween(split: TrafficSplit, from: TrafficSplit, to: TrafficSplit): boolean {
  const [low, high] = [Math.min(from.blue, to.blue), Math.max(from.blue, to.blue)]
  return split.blue > low && split.blue < high
}
