import { z } from 'zod'
import { nearestWord } from '../../domain/text/nearest-word.ts'
import { parseDuration, parseRatio } from '../../domain/text/duration.ts'

/** A map whose unknown keys are errors that name the key which was probably meant. */
export function strictMap<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined
      const near = nearestWord(issue.keys[0] ?? '', known)
      return near ? `did you mean ${near}?` : `the keys here are ${known.join(', ')}`
    },
  })
}

/**
 * A key that the file format has and this version does not act on, where people would rely on it: it is an error, so
 * that people do not rely on protection or checks that do not exist.
 */
export const notSupported = (instead: string) =>
  z
    .unknown()
    .superRefine((value, context) => {
      if (value === undefined) return
      context.addIssue({ code: 'custom', params: { isUnsupported: true }, message: `remove it: ${instead}` })
    })
    .optional()

const A_DURATION = 'write a duration such as 30s, 2m or 1h'

/** `30s` → milliseconds. A number is none: it has no unit. */
export const duration = z.string({ error: A_DURATION }).transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== undefined) return ms
  context.addIssue({ code: 'custom', message: A_DURATION })
  return z.NEVER
})

/** `5%` → 0.05. */
export const ratio = z.string().transform((text, context) => {
  const value = parseRatio(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: 'write a percentage such as 5%' })
  return z.NEVER
})

export const count = z.int().min(0)
export const textMap = z.record(z.string(), z.string())
export const textList = z.array(z.string())
