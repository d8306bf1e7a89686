import { z } from 'zod'

const stamp = z.looseObject({ type: z.string(), run: z.string(), seq: z.number(), at: z.string() })

/**
 * What is wrong with a record of a journal; `undefined` when nothing is, or when its type is not known: a newer version
 * of the program may have written it, and the folds skip it. Pure.
 */
export function eventFault(forms: ReadonlyMap<string, z.ZodType>, record: unknown): string | undefined {
  const stamped = stamp.safeParse(record)
  const parsed = stamped.success ? forms.get(stamped.data.type)?.safeParse(record) : stamped
  const issue = parsed?.error?.issues[0]
  return issue && `${issue.path.join('.')}: ${issue.message}`
}
