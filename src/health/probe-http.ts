import { resolve } from 'node:path'
import { sanitize } from '../domain/text/sanitize.ts'
import { durationText } from '../domain/text/duration.ts'
import type { HttpCheck } from '../domain/health/health-check.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { fillSecrets } from '../platform/fill-secrets.ts'
import { notTrusted } from '../platform/not-trusted.ts'
import type { HttpRequest, HttpResponse, HttpTimes, Platform, Secrets, TlsOptions } from '../platform/platform.ts'
import { httpDifference } from './http-difference.ts'
import { isRead } from './is-read.ts'
import { judgeError } from './judge-error.ts'
import type { Answer } from './probe.ts'

/** Of the body, in the evidence. */
const SHOWN_CHARACTERS = 1000
/** Of a body that decides nothing: enough for the evidence, and a stream without end is no fault. */
const SHOWN_BYTES = SHOWN_CHARACTERS * 4
/** Twice as much is searched for secrets: one that is cut through is not found. */
const MASKED_BYTES = 2 * SHOWN_BYTES
/** A POST may have changed something before its connection broke. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface HttpContext {
  readonly platform: Platform
  /** The folder `bagboy.yaml` stands in. */
  readonly root: string
  /** Kept connections are kept for checks of this name only. */
  readonly pool: string
}

/** One request; redirects are answers like others and are not followed. Never throws for what the application does. */
export async function probeHttp(check: HttpCheck, context: HttpContext, signal: AbortSignal): Promise<Answer> {
  const { clock, http } = context.platform
  const asked = `${check.method} ${withoutSecrets(check.url)}`
  let startMs = clock.elapsedMs()
  try {
    const request = await requestOf(check, context)
    startMs = clock.elapsedMs()
    const response = await http(request, signal)
    const latencyMs = response.times?.totalMs ?? clock.elapsedMs() - startMs
    const wrong = httpDifference(check.expect, response, latencyMs)
    return {
      verdict: wrong === undefined ? 'passing' : 'failing',
      latencyMs,
      detail: wrong === undefined ? String(response.status) : context.platform.secrets.mask(wrong),
      evidence:
        `${asked}\n${response.status} in ${Math.round(latencyMs)} ms${phases(response.times)}\n${bodyText(response, context.platform.secrets)}`.trimEnd(),
    }
  } catch (error) {
    if (signal.aborted) throw error
    const { verdict, detail } = judgeError(error, durationText(check.timeoutMs))
    return { verdict, latencyMs: clock.elapsedMs() - startMs, detail, evidence: `${asked}\n${detail}` }
  }
}

/** @throws NOT_TRUSTED for what is no anonymous read */
async function requestOf(check: HttpCheck, { platform, root, pool }: HttpContext): Promise<HttpRequest> {
  if (!isRead(check.method) && !platform.trust.isGiven()) throw notTrusted(`${check.method} was not sent`)
  const { url, authorization } = splitLogin(await fillSecrets(check.url, platform), platform.secrets)
  const filled = Object.entries(check.headers).map(
    async ([name, value]) => [name, await fillSecrets(value, platform)] as const,
  )
  const headers = Object.fromEntries(await Promise.all(filled))
  const hasLogin = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
  const isBodyCut = check.expect.json.length === 0
  return {
    method: check.method,
    url,
    headers: authorization === undefined || hasLogin ? headers : { ...headers, authorization },
    ...(check.body === '' ? {} : { body: await fillSecrets(check.body, platform) }),
    timeoutMs: check.timeoutMs,
    isGuarded: true,
    isMeasured: true,
    takesAnyCoding: true,
    tls: await readTls(check.tls, platform, root),
    pool,
    ...(isBodyCut ? { isBodyCut, maxBytes: SHOWN_BYTES } : {}),
    ...(check.isFreshConnection ? { isFresh: true } : { isRepeatable: REPEATABLE.has(check.method) }),
  }
}

/** A login in the address, as curl takes it, is sent as Basic credentials (RFC 7617) and stands in no address. */
function splitLogin(text: string, secrets: Secrets): { readonly url: string; readonly authorization?: string } {
  const url = new URL(text)
  if (url.username === '' && url.password === '') return { url: url.href }
  const password = decodeURIComponent(url.password)
  const login = `${decodeURIComponent(url.username)}:${password}`
  url.username = ''
  url.password = ''
  const encoded = Buffer.from(login).toString('base64')
  secrets.add(login, password, encoded)
  return { url: url.href, authorization: `Basic ${encoded}` }
}

async function readTls(
  { caFile, certFile, keyFile }: HttpCheck['tls'],
  { files, trust }: Pick<Platform, 'files' | 'trust'>,
  root: string,
): Promise<TlsOptions> {
  if (certFile !== '' && !trust.isGiven()) throw notTrusted(`the certificate ${sanitize(certFile, 200)} was not shown`)
  const read = async (path: string): Promise<string | undefined> => {
    if (path === '') return undefined
    const bytes = await files.read(resolve(root, path))
    if (bytes) return new TextDecoder().decode(bytes)
    throw new BagboyError('CONFIG_INVALID', `There is no file ${sanitize(path, 200)}`, {
      hint: 'Name a file in PEM form.',
    })
  }
  const [ca, cert, key] = await Promise.all([read(caFile), read(certFile), read(keyFile)])
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

/** ` (connect 1 ms, TLS 3 ms, first byte 8 ms)`; empty when nothing was measured apart. */
function phases(times: HttpTimes | undefined): string {
  if (!times) return ''
  const parts = [
    ['connect', times.connectMs],
    ['TLS', times.tlsMs],
    ['first byte', times.firstByteMs],
    ['body', times.bodyMs],
  ] as const
  const shown = parts.filter(([, ms]) => ms >= 0.5).map(([name, ms]) => `${name} ${Math.round(ms)} ms`)
  return shown.length < 2 ? '' : ` (${shown.join(', ')})`
}

/** A body that nothing could decode is not shown: it would be noise. */
function bodyText({ body, headers }: HttpResponse, secrets: Secrets): string {
  // One character takes at most four bytes.
  const whole = new TextDecoder().decode(body.subarray(0, MASKED_BYTES))
  const text = secrets.mask(whole).slice(0, SHOWN_CHARACTERS)
  const isBinary = headers['content-encoding'] !== undefined && text.includes('\uFFFD')
  return isBinary ? `(${body.length} bytes, ${headers['content-encoding'] ?? ''})` : text
}

/** User names, passwords and query strings may be credentials. */
function withoutSecrets(text: string): string {
  if (!URL.canParse(text)) return withoutLogin(text)
  const { protocol, host, pathname } = new URL(text)
  return `${protocol}//${host}${pathname}`
}

/** Of an address that still has something to be filled in. */
function withoutLogin(text: string): string {
  const [scheme = '', rest = ''] = (text.split(/[?#]/u, 1)[0] ?? '').split('//', 2)
  const [host = '', ...path] = rest.split('/')
  return `${scheme}//${[host.split('@').at(-1), ...path].join('/')}`
}
