import type { Dispatcher, request as undiciRequest } from 'undici'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Http, HttpRequest, HttpResponse } from '../platform.ts'
import { askBeforeSend } from './ask-before-send.ts'
import { lookupWithin, refuseAddress, type Reachable } from './guarded-lookup.ts'
import { readHttpBody } from './http-body.ts'
import { toHttpError } from './http-error.ts'

/** Of the decoded body, when the request names none. */
const MAX_BYTES = 8 * 1024 * 1024
const CONNECT_TIMEOUT_MS = 10_000
/** A connection that nobody uses is closed after this long. */
const KEEP_ALIVE_MS = 10_000
/** Proxies cannot reach what listens on this machine only. */
const NEVER_PROXIED = 'localhost,127.0.0.1,::1'

/** One pool of connections for all requests that name none, through the proxies of the environment. */
export function createNodeHttp(env: Readonly<Record<string, string | undefined>>): Http {
  const pools = new Map<string, Promise<Pool>>()
  const poolFor = ({ pool = '' }: HttpRequest, reachable: Reachable): Promise<Pool> => {
    const key = `${reachable} ${pool}`
    const found = pools.get(key) ?? openPool(env, reachable)
    pools.set(key, found)
    return found
  }
  return async (request, signal) => {
    signal.throwIfAborted()
    const url = parseUrl(request.url)
    const reachable = reachableFor(request)
    refuseAddress(reachable, url.hostname)
    // AbortSignal.timeout would fire for every request, also for those that are answered long ago.
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), request.timeoutMs)
    const own = request.isFresh === true ? await openPool(env, reachable) : undefined
    const { send, dispatcher } = own ?? (await poolFor(request, reachable))
    try {
      return await exchange(send, dispatcher, { ...request, url: url.href }, AbortSignal.any([signal, deadline.signal]))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw toHttpError(error, request, deadline.signal.aborted)
    } finally {
      clearTimeout(timer)
      await own?.dispatcher.destroy()
    }
  }
}

function reachableFor({ isPublicOnly, isGuarded }: HttpRequest): Reachable {
  if (isPublicOnly === true) return 'public'
  return isGuarded === true ? 'guarded' : 'all'
}

type Send = typeof undiciRequest
interface Pool {
  readonly send: Send
  readonly dispatcher: Dispatcher
}

async function openPool(env: Readonly<Record<string, string | undefined>>, reachable: Reachable): Promise<Pool> {
  const loaded = await import('undici')
  // A bundler turns this CommonJS package into a chunk that has a default export only.
  const { request, EnvHttpProxyAgent } = loaded.default ?? loaded
  const read = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(reachable === 'all' ? {} : { lookup: lookupWithin(reachable) }) },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The total deadline of every request is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
    httpProxy: read('HTTP_PROXY'),
    httpsProxy: read('HTTPS_PROXY'),
    noProxy: `${read('NO_PROXY')},${NEVER_PROXIED}`,
  })
  return { send: request, dispatcher }
}

async function exchange(
  send: Send,
  dispatcher: Dispatcher,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const answer = await send(request.url, {
    dispatcher: request.beforeSend ? askBeforeSend(dispatcher, request.beforeSend) : dispatcher,
    signal,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    // When it is not said, undici closes the connection after every HEAD.
    reset: request.isFresh ?? false,
  })
  const headers = flatten(answer.headers)
  const body = await readHttpBody(answer.body, headers, request.maxBytes ?? MAX_BYTES, signal)
  const trailers = flatten(answer.trailers)
  return { status: answer.statusCode, headers, body, ...(Object.keys(trailers).length === 0 ? {} : { trailers }) }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return flat
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new BagboyError('REGISTRY_UNREACHABLE', 'the address of a registry is not an http or https address', {
    hint: 'Correct it in bagboy.yaml: https://…',
  })
}
