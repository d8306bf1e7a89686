import { createHash } from 'node:crypto'
import type { Agent, Dispatcher, ProxyAgent, buildConnector, request as undiciRequest } from 'undici'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Http, HttpRequest, HttpResponse, TlsOptions } from '../../platform.ts'
import { askBeforeSend } from './ask-before-send.ts'
import { lookupWithin, refuseAddress, type Reachable } from './guarded-lookup.ts'
import { readHttpBody } from './http-body.ts'
import { isBrokenConnection, toHttpError } from './http-error.ts'
import { proxyOf } from './proxy-of.ts'
import { RequestTimes } from './request-times.ts'
import { warmUp } from './warm-up.ts'

/** Of the decoded body, when the request names none. */
const MAX_BYTES = 8 * 1024 * 1024
/** Of the header of an answer: four times what undici allows, as applications set cookies and policies at will. */
const MAX_HEADER_BYTES = 64 * 1024
const CONNECT_TIMEOUT_MS = 10_000
/** A connection that nothing uses is closed after this long. */
const KEEP_ALIVE_MS = 10_000

interface Undici {
  readonly request: typeof undiciRequest
  readonly Agent: typeof Agent
  readonly ProxyAgent: typeof ProxyAgent
  readonly buildConnector: typeof buildConnector
}

/** What decides whether two requests may share a connection. */
interface Route {
  readonly reachable: Reachable
  readonly proxy: URL | undefined
  readonly tls: TlsOptions
}

interface HttpSettings {
  /** `false`: a connection is closed after its request. Default: it is kept for the next one. */
  readonly keepsConnections?: boolean
}

/** One pool of connections for all requests that name none, through the proxies of the environment. */
export function createNodeHttp(
  env: Readonly<Record<string, string | undefined>>,
  { keepsConnections = true }: HttpSettings = {},
): Http {
  const pools = new Map<string, Dispatcher>()
  let warm: Promise<void> | undefined
  const poolFor = (undici: Undici, route: Route, pool: string): Dispatcher => {
    const key = JSON.stringify([route.reachable, route.proxy?.href, fingerprint(route.tls), pool])
    const found = pools.get(key) ?? openDispatcher(undici, route)
    pools.set(key, found)
    return found
  }
  return async (request, signal) => {
    signal.throwIfAborted()
    const url = parseUrl(request.url)
    const { tls = {}, pool = '' } = request
    const reachable = reachableFor(request)
    refuseAddress(reachable, url.hostname)
    const route: Route = { reachable, proxy: proxyOf(url, env, request.proxy), tls }
    const undici = await loadUndici()
    if (request.isMeasured === true) await (warm ??= warmUp(undici))
    signal.throwIfAborted()
    // AbortSignal.timeout would fire for every request, also for those that are answered long ago.
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), request.timeoutMs)
    const ending = AbortSignal.any([signal, deadline.signal])
    const asked = { ...request, url: url.href }
    try {
      if (request.isFresh === true || !keepsConnections) return await sendFresh(undici, route, asked, ending)
      return await send(undici, poolFor(undici, route, pool), asked, ending).catch((error: unknown) => {
        if (request.isRepeatable !== true || ending.aborted || !isBrokenConnection(error)) throw error
        return sendFresh(undici, route, asked, ending)
      })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw toHttpError(error, request, { isLate: deadline.signal.aborted, proxy: route.proxy })
    } finally {
      clearTimeout(timer)
    }
  }
}

function reachableFor({ isPublicOnly, isGuarded }: HttpRequest): Reachable {
  if (isPublicOnly === true) return 'public'
  return isGuarded === true ? 'guarded' : 'all'
}

async function loadUndici(): Promise<Undici> {
  const loaded = await import('undici')
  // A bundler turns this CommonJS package into a chunk that has a default export only.
  return loaded.default ?? loaded
}

async function sendFresh(
  undici: Undici,
  route: Route,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const times = new RequestTimes()
  const dispatcher = openDispatcher(undici, route, times)
  try {
    return await send(undici, dispatcher, { ...request, isFresh: true }, signal, times)
  } finally {
    await dispatcher.destroy()
  }
}

/** With `times`, the connections it opens are measured; the connector of a proxy is undici's own. */
function openDispatcher({ Agent, ProxyAgent, buildConnector }: Undici, route: Route, times?: RequestTimes): Dispatcher {
  const { proxy, tls, reachable } = route
  const common = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The total deadline of every request is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  if (proxy) return new ProxyAgent({ ...common, uri: proxy.href, requestTls: tls, connectTimeout: CONNECT_TIMEOUT_MS })
  const connect = {
    timeout: CONNECT_TIMEOUT_MS,
    ...tls,
    ...(reachable === 'all' ? {} : { lookup: lookupWithin(reachable) }),
  }
  return new Agent({ ...common, connect: times ? times.timing(buildConnector(connect)) : connect })
}

async function send(
  undici: Undici,
  dispatcher: Dispatcher,
  request: HttpRequest,
  signal: AbortSignal,
  times = new RequestTimes(),
): Promise<HttpResponse> {
  const guarded = request.beforeSend ? askBeforeSend(dispatcher, request.beforeSend) : dispatcher
  const answer = await undici.request(request.url, {
    dispatcher: times.around(guarded),
    signal,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    // When it is not said, undici closes the connection after every HEAD.
    reset: request.isFresh ?? false,
  })
  const headers = flatten(answer.headers)
  const { isBodyCut = false, takesAnyCoding = false, maxBytes = MAX_BYTES } = request
  const body = await readHttpBody(answer.body, headers, { maxBytes, isBodyCut, takesAnyCoding, signal })
  const trailers = flatten(answer.trailers)
  return {
    status: answer.statusCode,
    headers,
    body,
    ...(Object.keys(trailers).length === 0 ? {} : { trailers }),
    times: times.read(),
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

/** So that no key of a certificate is kept as a key of a map. */
function fingerprint(tls: TlsOptions): string {
  return createHash('sha256').update(JSON.stringify(tls)).digest('hex')
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new BagboyError('REGISTRY_UNREACHABLE', 'the address of a registry is not an http or https address', {
    hint: 'Correct it in bagboy.yaml: https://…',
  })
}
