import { BagboyError } from '../errors/bagboy-error.ts'

export const TRUST_HINT = 'See what would run and where secrets would go, and decide: bagboy-tui trust'

/** @param refused a whole statement of what does not happen: `./check.sh was not run` */
export function notTrusted(refused: string): BagboyError {
  return new BagboyError('NOT_TRUSTED', `${refused}: this folder is not trusted.`, { hint: TRUST_HINT })
}
