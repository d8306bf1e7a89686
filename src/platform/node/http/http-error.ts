import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { HttpRequest } from '../../platform.ts'
import { codeOf } from '../error-code.ts'

/** What a connection ends with that the other side has closed. */
const BROKEN = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
/** What connecting ends with. */
const NOT_CONNECTED = /^(?:ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_\w+|UND_ERR_CONNECT_TIMEOUT)$/u
/** The certificate may be good: this machine does not know who signed it. */
const UNKNOWN_AUTHORITY =
  /^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED)$/u
const BAD_CERTIFICATE = /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_REVOKED|ERR_TLS_CERT_ALTNAME_INVALID)$/u
/** How undici words the answer of a proxy to CONNECT, and its 407 to a request in clear text, which it gets as it is. */
const TUNNEL_REFUSED = /^(?:Proxy response|Proxy Authentication Required) \((?<status>\d{3})\)/u

/** Whether a kept connection turned out to be closed before an answer began on it. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.has(reasonOf(error))
}

/** How the request went out, and whether its time was over. */
export interface Circumstances {
  readonly isLate: boolean
  readonly proxy: URL | undefined
}

/** What undici and zlib say, in our codes, with the place and without anything secret of the address. */
export function toHttpError(error: unknown, request: HttpRequest, { isLate, proxy }: Circumstances): BagboyError {
  const target = `${sanitize(request.method, 20)} ${targetOf(request.url)}`
  if (isLate) {
    return new BagboyError('REGISTRY_TIMEOUT', `${target}: no whole answer within ${request.timeoutMs} ms`, {
      hint: 'Look at the status of the registry, or allow more time with --timeout.',
      cause: error,
    })
  }
  const own = ownError(error)
  if (own) {
    if (!own.code.startsWith('REGISTRY_')) return own
    return new BagboyError(own.code, `${target}: ${own.message}`, {
      cause: own,
      ...(own.hint === undefined ? {} : { hint: own.hint }),
      ...(own.details === undefined ? {} : { details: own.details }),
    })
  }
  const code = reasonOf(error)
  if (proxy && isOfProxy(error, code)) return proxyError(error, target, proxy)
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new BagboyError('REGISTRY_BROKEN', `${target}: the answer cannot be read (${code})`, { cause: error })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new BagboyError('REGISTRY_UNREACHABLE', `${target}: the request cannot be sent as it is (${code})`, {
      hint: 'Look for a line break or another control character in the token.',
      cause: error,
    })
  }
  return new BagboyError('REGISTRY_UNREACHABLE', `${target}: no whole answer came (${code})`, {
    hint: hintOf(code),
    details: { code },
    cause: error,
  })
}

function hintOf(code: string): string {
  if (UNKNOWN_AUTHORITY.test(code)) {
    return 'Its certificate is from an authority that is not known here: name the file of the authority in NODE_EXTRA_CA_CERTS, for npm also as cafile in .npmrc.'
  }
  if (BAD_CERTIFICATE.test(code))
    return 'The certificate is not good for this address: have it replaced, or correct the address.'
  return 'Check the network, the address and the proxy settings.'
}

/** Before anything of the application was reached, the proxy failed. */
function isOfProxy(error: unknown, code: string): boolean {
  return NOT_CONNECTED.test(code) || TUNNEL_REFUSED.test(messageOf(error))
}

function proxyError(error: unknown, target: string, proxy: URL): BagboyError {
  const status = TUNNEL_REFUSED.exec(messageOf(error))?.groups?.['status']
  const what = status === undefined ? `cannot be reached (${reasonOf(error)})` : `refused to connect (${status})`
  const login = status === '407' ? 'It wants a login: write its address as http://USER:PASSWORD@HOST:PORT. ' : ''
  return new BagboyError('REGISTRY_UNREACHABLE', `${target}: the proxy ${sanitize(proxy.host, 200)} ${what}`, {
    hint: `${login}Check http_proxy, https_proxy and all_proxy; a host that needs no proxy belongs into no_proxy.`,
    details: { code: 'PROXY' },
    cause: error,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

/** Host and path only: user names, passwords and query strings may be credentials. */
function targetOf(text: string): string {
  const url = new URL(text)
  return sanitize(`${url.host}${url.pathname}`, 300)
}

/** An error of ours, also where a library has put it into one of its own. */
function ownError(error: unknown): BagboyError | undefined {
  if (error instanceof BagboyError) return error
  return error instanceof Error ? ownError(error.cause) : undefined
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = codeOf(error)
  if (code !== '') return code
  // Without a code of its own: what came does not begin as HTTP does.
  if (error.name === 'HTTPParserError' && /Expected HTTP\//u.test(error.message)) return 'NOT_HTTP'
  return error.cause instanceof Error ? reasonOf(error.cause) : error.name
}
