import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { untrusted } from '../../domain/display.ts'
import { isForbiddenAddress } from './forbidden-address.ts'

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void

/**
 * Asks for a name once; the connection goes to the very address that was looked at, so that a name server which answers
 * differently the next time gains nothing.
 */
export function guardedLookup(hostname: string, options: LookupOptions, answer: Answer): void {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, [])
    const forbidden = addresses.find(({ address }) => isForbiddenAddress(address))
    if (forbidden) return answer(forbiddenError(hostname, forbidden.address), [])
    if (options.all === true) return answer(null, addresses)
    const [first] = addresses
    answer(null, first?.address ?? '', first?.family ?? 0)
  })
}

/** A host that is written as an address is never looked up. @throws REGISTRY_REJECTED */
export function refuseForbiddenHost(hostname: string): void {
  if (isForbiddenAddress(hostname)) throw forbiddenError(hostname, hostname)
}

function forbiddenError(hostname: string, address: string): BagboyError {
  const name = untrusted(hostname, 200)
  return new BagboyError('REGISTRY_REJECTED', `${name} is at ${untrusted(address, 60)}, which no check may reach`, {
    hint: 'Link-local and metadata addresses are never asked. Name the address of the application.',
    details: { code: 'FORBIDDEN_ADDRESS' },
  })
}
