import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFaultList, type Fault, type FaultRule } from './faults.ts'
import { freePort } from './free-port.ts'
import { forwardRequest, readAll, type ForwardedAnswer } from './forward-request.ts'

export interface RecordedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** Whether the server behind has got it. */
  applied: boolean
  /** What the client was told; `null` when no answer was begun. */
  status: number | null
}

export interface FaultProxy {
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  readonly port: number
  /** Every request, in the order of arrival. */
  readonly requests: readonly RecordedRequest[]
  inject(rule: FaultRule): void
  /** Takes all rules back; what was recorded stays. */
  heal(): void
  forget(): void
  /** Before every request is passed on. */
  setLatency(latencyMs: number): void
  /** Connections are refused until `goUp`, on the same port. */
  goDown(): Promise<void>
  goUp(): Promise<void>
  close(): Promise<void>
}

/** A reverse proxy on 127.0.0.1 that sees every request and can make each of them go wrong. */
export async function startFaultProxy(options: {
  readonly upstream: string
  readonly latencyMs?: number
  /** Default: one that is free. */
  readonly port?: number
}): Promise<FaultProxy> {
  const upstream = new URL(options.upstream)
  // A connection per request: a reused one that dies meanwhile would be an unplanned fault.
  const agent = new Agent({ keepAlive: false })
  const faults = createFaultList()
  const requests: RecordedRequest[] = []
  const remembered = new Map<string, ForwardedAnswer>()
  const ended = new AbortController()
  let latencyMs = options.latencyMs ?? 0

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const [method, path] = [incoming.method ?? 'GET', incoming.url ?? '/']
    const record: RecordedRequest = { method, path, applied: false, status: null }
    requests.push(record)
    const fault = faults.take(method, path)
    const body = await readAll(incoming)
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: ended.signal })
    if (fault && endsHere(fault, response, record)) return
    if (fault?.kind === 'delayed') await sleep(fault.delayMs, undefined, { signal: ended.signal })
    const key = `${method} ${path} ${body.toString('latin1')}`
    const old = fault?.kind === 'stale' ? remembered.get(key) : undefined
    if (old) return deliver(old, undefined, response, record, ended.signal)
    record.applied = true
    const answer = await forwardRequest(upstream, agent, incoming, body)
    if (writesIn([record]).length === 0) remembered.set(key, answer)
    await deliver(answer, fault, response, record, ended.signal)
  }

  const server = createServer((incoming, response) => {
    // What fails here (the server behind is gone, the client left) has one honest answer: none.
    pass(incoming, response).catch(() => response.destroy())
  })
  await listen(server, options.port ?? (await freePort()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    requests,
    inject: (rule) => faults.add(rule),
    heal: () => faults.clear(),
    forget: () => void requests.splice(0),
    setLatency: (ms) => void (latencyMs = ms),
    goDown: () => stop(server),
    goUp: () => listen(server, port),
    async close() {
      ended.abort()
      if (server.listening) await stop(server)
      agent.destroy()
    },
  }
}

/** Faults that never let the request through. @returns whether this was one */
function endsHere(fault: Fault, response: ServerResponse, record: RecordedRequest): boolean {
  if (fault.kind === 'black-hole') return true
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return true
  }
  if (fault.kind !== 'status' || fault.applied) return false
  answerStatus(response, record, fault)
  return true
}

async function deliver(
  answer: ForwardedAnswer,
  fault: Fault | undefined,
  response: ServerResponse,
  record: RecordedRequest,
  signal: AbortSignal,
): Promise<void> {
  if (fault?.kind === 'lost-answer') return void response.socket?.destroy()
  if (fault?.kind === 'status') return answerStatus(response, record, fault)
  if (fault?.kind === 'late') await sleep(fault.delayMs, undefined, { signal })
  record.status = answer.status
  response.writeHead(answer.status, headersOf(answer, record.method))
  if (fault?.kind === 'truncated') {
    response.write(answer.body.subarray(0, fault.bytes), () => response.socket?.destroy())
    return
  }
  if (fault?.kind === 'slow') await trickle(answer.body, fault, response, signal)
  response.addTrailers(pairsOf(answer.rawTrailers))
  response.end(fault?.kind === 'slow' ? undefined : answer.body)
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, place): [string, string][] => (place % 2 === 0 ? [[name, raw[place + 1] ?? '']] : []))
}

async function trickle(
  body: Buffer,
  { bytes, everyMs }: Extract<Fault, { kind: 'slow' }>,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  response.flushHeaders()
  for (let start = 0; start < body.length && !response.destroyed; start += bytes) {
    await sleep(everyMs, undefined, { signal })
    response.write(body.subarray(start, start + bytes))
  }
}

function answerStatus(
  response: ServerResponse,
  record: RecordedRequest,
  { status, headers = {}, body = '' }: Extract<Fault, { kind: 'status' }>,
): void {
  record.status = status
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
}

/** The answer was read whole, so its length is known; a HEAD keeps the length it was given. */
function headersOf(answer: ForwardedAnswer, method: string): string[] {
  const dropped = ['transfer-encoding', 'connection', 'keep-alive', ...(method === 'HEAD' ? [] : ['content-length'])]
  const kept: string[] = []
  for (let at = 0; at + 1 < answer.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = answer.rawHeaders.slice(at, at + 2)
    if (!dropped.includes(name.toLowerCase())) kept.push(name, value)
  }
  const bodiless = method === 'HEAD' || answer.status === 204 || answer.status === 304
  // Trailers go with chunks only, which are what is sent when no length is said.
  const unmeasured = bodiless || answer.rawTrailers.length > 0
  return unmeasured ? kept : [...kept, 'content-length', String(answer.body.length)]
}

/** Those that may change something. Fetching from git is a POST, and reads. */
export function writesIn(requests: readonly RecordedRequest[]): readonly string[] {
  return requests
    .filter(({ method, path }) => method !== 'GET' && method !== 'HEAD' && !path.endsWith('/git-upload-pack'))
    .map(({ method, path }) => `${method} ${path}`)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      server.unref()
      resolve()
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
