import type { ZodError, ZodType } from 'zod'
import type { Json } from '../domain/text/json.ts'
import { nearestWord } from '../domain/text/nearest-word.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { explainIssue } from '../yaml/explain-issue.ts'
import type { LocationOf } from '../config/location-of.ts'

/** Keys of a block that only the driver or provider it names understands. */
interface OwnOptions {
  readonly options: Readonly<Record<string, unknown>>
  readonly locationOf: LocationOf
  /** What did not take them. */
  readonly form: ZodType
  readonly hint: string
}

/** The first thing that is wrong with them, with its place in the file and the key that was probably meant. */
export function explainOptions({ issues }: ZodError, { options, locationOf, form, hint }: OwnOptions): BagboyError {
  const [issue] = issues
  const { path, wrong, right } = issue
    ? explainIssue(issue, options as Json)
    : { path: [], wrong: 'not understood', right: '' }
  const known = 'shape' in form ? Object.keys(form.shape as object) : []
  const isTop = issue?.code === 'unrecognized_keys' && issue.path.length === 0
  const near = isTop ? nearestWord(String(path.at(-1) ?? ''), known) : undefined
  const remedy = isTop ? (near ? `did you mean ${near}?` : `the keys here are ${known.join(', ')}`) : right
  return new BagboyError('CONFIG_INVALID', `${locationOf(path)}: ${wrong}; ${remedy}`, { hint })
}
