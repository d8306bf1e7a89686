import type { HealthVerdict } from '../domain/health/health-sample.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

/** The system could not ask: no name server, no route, no program, no more sockets. The application is not to blame. */
const COULD_NOT_ASK = new Set([
  'ENOTFOUND',
  'ENODATA',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOENT',
  'ENOTDIR',
  'ENOEXEC',
  'EACCES',
  'EPERM',
  'FORBIDDEN_ADDRESS',
  'PROXY',
  'PROXY_UNSUPPORTED',
])

/**
 * The certificate may be good: this machine does not know who signed it. One that has expired, is for another name or
 * was revoked is bad on every machine.
 */
const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
])
/** The application answered, and this client cannot read the answer, which others may: no word about the application. */
const UNREADABLE = /^(?:HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_HEADERS_OVERFLOW)$/u
const NAME_THE_AUTHORITY = 'its certificate is from an authority that is not known here; name it with ca_file'

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'the connection broke',
  NOT_HTTP: 'it does not speak HTTP',
  ENOTFOUND: 'the name was not found',
  EAI_AGAIN: 'no name server answers',
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'no route',
  ENOENT: 'the program was not found',
  EACCES: 'it may not be run',
  FORBIDDEN_ADDRESS: 'this address is never asked',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_REVOKED: 'its certificate was revoked',
}

interface Judgement {
  readonly verdict: HealthVerdict
  readonly detail: string
}

/** What an error of the platform says about the application. Rethrows what is no answer of the platform. */
export function judgeError(error: unknown, timeout: string): Judgement {
  if (!(error instanceof BagboyError)) throw error
  if (error.code === 'REGISTRY_TIMEOUT') return { verdict: 'failing', detail: `no answer within ${timeout}` }
  if (error.code === 'CONFIG_INVALID' || error.code === 'NOT_TRUSTED')
    return { verdict: 'unknown', detail: error.message }
  if (!error.code.startsWith('REGISTRY_')) throw error
  const code = systemCode(error)
  if (UNKNOWN_AUTHORITY.has(code)) return { verdict: 'unknown', detail: `${NAME_THE_AUTHORITY} (${code})` }
  if (UNREADABLE.test(code)) return { verdict: 'unknown', detail: `the answer cannot be read (${code})` }
  if (code.startsWith('PROXY')) return { verdict: 'unknown', detail: error.message }
  const verdict = COULD_NOT_ASK.has(code) || code.startsWith('EAI_') ? 'unknown' : 'failing'
  return { verdict, detail: code === '' ? error.message : `${WORDS[code] ?? 'no connection'} (${code})` }
}

function systemCode({ details }: BagboyError): string {
  if (details === null || typeof details !== 'object' || Array.isArray(details)) return ''
  const { code } = details as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}
