import { sanitize } from '../domain/text/sanitize.ts'
import { nearestWord } from '../domain/text/nearest-word.ts'
import { BagboyError } from './bagboy-error.ts'
import type { ErrorCode } from './codes.ts'

/** Names listed in a hint; more would not help to find one. */
const MAX_LISTED = 12
const MAX_LENGTH = 200

export interface UnknownName {
  readonly code: Extract<ErrorCode, 'USAGE' | 'TARGET_UNKNOWN' | 'RUN_UNKNOWN'>
  /** The whole sentence, with the name that was given already made safe. */
  readonly message: string
  /** The name that was given, as it was typed. */
  readonly word: string
  /** Every name that would have matched. */
  readonly known: readonly string[]
  /** What the known names are: "Packages of this plan". */
  readonly knownAs: string
  /** How two names are compared; default: as they are. */
  readonly compareAs?: (name: string) => string
}

/** A name that matches nothing is a usage error: it says which name was probably meant, else which names there are. Pure. */
export function unknownName({ code, message, word, known, knownAs, compareAs }: UnknownName): BagboyError {
  const distinct = [...new Set(known)]
  const compare = compareAs ?? ((name) => name)
  const near = nearestWord(compare(word), distinct.map(compare))
  const meant = near === undefined ? undefined : distinct.find((name) => compare(name) === near)
  return new BagboyError(code, message, {
    hint: meant === undefined ? listNames(knownAs, distinct) : `Did you mean ${sanitize(meant, MAX_LENGTH)}?`,
    details: { given: word, nearest: meant ?? null },
  })
}

function listNames(knownAs: string, names: readonly string[]): string {
  if (names.length === 0) return `${knownAs}: none.`
  const listed = names.slice(0, MAX_LISTED).map((name) => sanitize(name, MAX_LENGTH))
  const more = names.length > listed.length ? `, and ${names.length - listed.length} more` : ''
  return `${knownAs}: ${listed.join(', ')}${more}.`
}
