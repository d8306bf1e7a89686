import { z, type ZodType } from 'zod'
import type { PerSlot } from '../domain/traffic/traffic.ts'

/** `servers: { blue: …, green: … }`: what stands for each slot in the provider; one name, or a list of them. */
export function slotMembers(name: ZodType<string>): ZodType<PerSlot<readonly string[]>> {
  const members = z.union([name.transform((one) => [one]), z.array(name).min(1)])
  return z
    .strictObject({ blue: members, green: members })
    .refine(({ blue, green }) => new Set([...blue, ...green]).size === blue.length + green.length, {
      message: 'each server belongs to one slot, once',
    })
}

/** As {@link slotMembers}, where a slot is one thing. */
export function slotNames(name: ZodType<string>): ZodType<PerSlot<string>> {
  return z
    .strictObject({ blue: name, green: name })
    .refine(({ blue, green }) => blue !== green, { message: 'blue and green are different things' })
}
