import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { isForbiddenAddress, isInternalAddress } from './forbidden-address.ts'

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/** `guarded`: no link-local and metadata addresses; `public`: none of this machine or a private network either. */
export type Reachable = 'all' | 'guarded' | 'public'

/** For connections of one kind. A host that is written as an address is never looked up: see {@link refuseAddress}. */
export function lookupWithin(reachable: Reachable): typeof guardedLookup {
  return reachable === 'public' ? publicLookup : guardedLookup
}

/**
 * Asks for a name once; the connection goes to the very address that was looked at, so that a name server which answers
 * differently the next time gains nothing.
 */
export function guardedLookup(hostname: string, options: LookupOptions, answer: Answer): void {
  lookupGuarded('guarded', hostname, options, answer)
}

function publicLookup(hostname: string, options: LookupOptions, answer: Answer): void {
  lookupGuarded('public', hostname, options, answer)
}

function lookupGuarded(reachable: Reachable, hostname: string, options: LookupOptions, answer: Answer): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, [])
    const refused = addresses.find(({ address }) => isRefused(reachable, address))
    if (refused) return answer(refusal(reachable, hostname, refused.address), [])
    if (options.all === true) return answer(null, addresses)
    const [first] = addresses
    answer(null, first?.address ?? '', first?.family ?? 0)
  })
}

/** @throws REGISTRY_REJECTED for a host that is written as an address which may not be reached */
export function refuseAddress(reachable: Reachable, hostname: string): void {
  if (isRefused(reachable, hostname)) throw refusal(reachable, hostname, hostname)
}

function isRefused(reachable: Reachable, address: string): boolean {
  if (reachable === 'all') return false
  return isForbiddenAddress(address) || (reachable === 'public' && isInternalAddress(address))
}

function refusal(reachable: Reachable, hostname: string, address: string): BagboyError {
  const [name, at] = [sanitize(hostname, 200), sanitize(address, 60)]
  const details = { code: 'FORBIDDEN_ADDRESS' }
  if (reachable === 'public') {
    const message = `${name} is at ${at}, an address inside of this machine or network; nothing was sent there`
    const hint = 'An address that a registry names itself has to be a public one, unless it is configured.'
    return new BagboyError('REGISTRY_REJECTED', message, { hint, details })
  }
  return new BagboyError('REGISTRY_REJECTED', `${name} is at ${at}, which no check may reach`, {
    hint: 'Link-local and metadata addresses are never asked. Name the address of the application.',
    details,
  })
}
