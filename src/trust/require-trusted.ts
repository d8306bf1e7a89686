import { BagboyError } from '../errors/bagboy-error.ts'
import { TRUST_HINT } from '../platform/not-trusted.ts'
import type { TrustReport } from './trust-report.ts'

/** @param what begins the sentence: `The rollback` @throws NOT_TRUSTED unless trust is given or not needed */
export function requireTrusted({ state }: Pick<TrustReport, 'state'>, what: string): void {
  if (state === 'trusted' || state === 'unneeded') return
  const why =
    state === 'changed' ? 'what this folder names has changed since it was trusted' : 'this folder is not trusted'
  throw new BagboyError('NOT_TRUSTED', `${what} did not start: ${why}.`, { hint: TRUST_HINT })
}
