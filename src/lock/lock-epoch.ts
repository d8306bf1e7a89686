import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** Far more locks than are ever taken: a name with a higher number was made manually, and none could follow it. */
const LAST_EPOCH = 999_999_999

/**
 * The epoch that a part of a lock's name says. @throws LOCK_CORRUPT for one that no lock reaches
 * @param remove the command that takes the name away
 */
export function epochIn(digits: string, name: string, remove: string): number {
  const epoch = Number(digits)
  if (epoch <= LAST_EPOCH) return epoch
  throw new BagboyError('LOCK_CORRUPT', `the lock ${sanitize(name)} has a number that no lock reaches`, {
    hint: `Make sure that no other command runs on this project, then remove it: ${remove}`,
  })
}
