import { sanitize } from '../domain/text/sanitize.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { isLoopback } from './is-loopback.ts'

/** A login leaves this machine through TLS only. @throws CONFIG_INVALID for an address that begins with `http:` */
export function refuseClearText(format: string, address: string): void {
  const { protocol, host } = new URL(address)
  if (protocol !== 'http:' || isLoopback(host)) return
  const shown = sanitize(host, 200)
  throw new BagboyError('CONFIG_INVALID', `${format}: the login for ${shown} would be sent in clear text`, {
    hint: `Serve ${shown} with TLS and write its address with https://`,
  })
}
