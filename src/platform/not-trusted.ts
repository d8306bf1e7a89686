import { BagboyError } from '../errors/bagboy-error.ts'

export const TRUST_HINT = 'See what would run and where secrets would go, and decide: bagboy-tui trust'

/** The reason first: it stands in narrow columns. @param refused what does not happen: `./check.sh was not run` */
export function notTrusted(refused: string): BagboyError {
  return new BagboyError('NOT_TRUSTED', `This folder is not trusted: ${refused}.`, { hint: TRUST_HINT })
}
