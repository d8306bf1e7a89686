import type { HealthVerdict } from '../domain/health-sample.ts'
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
])

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'the connection broke',
  ENOTFOUND: 'the name was not found',
  EAI_AGAIN: 'no name server answers',
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'no route',
  ENOENT: 'the program was not found',
  EACCES: 'it may not be run',
  FORBIDDEN_ADDRESS: 'this address is never asked',
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
  const verdict = COULD_NOT_ASK.has(code) || code.startsWith('EAI_') ? 'unknown' : 'failing'
  return { verdict, detail: code === '' ? error.message : `${WORDS[code] ?? 'no connection'} (${code})` }
}

function systemCode({ details }: BagboyError): string {
  if (details === null || typeof details !== 'object' || Array.isArray(details)) return ''
  const { code } = details as { readonly code?: unknown }
  return typeof code === 'string' ? code : ''
}
