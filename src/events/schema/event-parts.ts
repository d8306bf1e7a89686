import { z } from 'zod'

const text = z.string()

export const jsonObject = z.record(text, z.json())

export const errorReport = z.looseObject({
  code: text,
  message: text,
  hint: text.nullable(),
  details: z.json(),
})

export const previousHolder = z.looseObject({
  epoch: z.number(),
  who: text,
  host: text,
  pid: z.number(),
  since: text,
  lastBeat: text,
})

export const takeover = z.looseObject({ reason: text, origin: text })
