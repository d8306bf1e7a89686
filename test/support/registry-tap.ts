import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that reached the tap. */
export interface Exchange {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What the client was answered; `null` when the connection was cut or left hanging. */
  readonly status: number | null
}

export type Fault =
  /** In place of the registry, which never sees the request. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** The registry does it, the client never learns. */
  | { readonly kind: 'lose-answer' }
  /** The registry never sees it and the connection is cut. */
  | { readonly kind: 'lose-request' }
  /** Nobody ever answers. */
  | { readonly kind: 'stall' }

/** The registry's HTTP address as the driver sees it: records everything, breaks what it is told to break. */
export interface RegistryTap {
  readonly url: string
  readonly host: string
  exchanges(): readonly Exchange[]
  forget(): void
  /** The next `times` requests that match meet the fault; without `times` all of them until `heal`. */
  inject(fault: Fault, matches?: (exchange: Omit<Exchange, 'status'>) => boolean, times?: number): void
  heal(): void
  close(): Promise<void>
}

interface ArmedFault {
  readonly fault: Fault
  readonly matches: (exchange: Omit<Exchange, 'status'>) => boolean
  left: number
}

/** @param origin `http://127.0.0.1:5000`: where the registry really is; only its host and port are used. */
export async function startRegistryTap(origin: string): Promise<RegistryTap> {
  const seen: Exchange[] = []
  let armed: ArmedFault[] = []
  const server = createServer((incoming, response) => {
    void readBody(incoming).then(async (bytes) => {
      const exchange = describeRequest(incoming, bytes)
      const place = seen.push({ ...exchange, status: null }) - 1
      const hit = armed.find(({ left, matches }) => left > 0 && matches(exchange))
      if (hit) hit.left -= 1
      const status = await (hit
        ? suffer(hit.fault, origin, bytes, incoming, response)
        : forward(origin, bytes, incoming, response))
      seen[place] = { ...exchange, status }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    exchanges: () => [...seen],
    forget: () => void seen.splice(0),
    inject: (fault, matches = () => true, times = Infinity) => void armed.unshift({ fault, matches, left: times }),
    heal: () => void (armed = []),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function suffer(
  fault: Fault,
  origin: string,
  bytes: Buffer,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<number | null> {
  switch (fault.kind) {
    case 'answer':
      response.writeHead(fault.status, fault.headers ?? {}).end(fault.body ?? '')
      return fault.status
    case 'lose-answer':
      await forward(origin, bytes, incoming, undefined)
      response.destroy()
      return null
    case 'lose-request':
      response.destroy()
      return null
    case 'stall':
      return null
  }
}

/** Settles when the registry has answered to the last byte; the answer goes on to `response` when there is one. */
function forward(
  origin: string,
  bytes: Buffer,
  incoming: IncomingMessage,
  response: ServerResponse | undefined,
): Promise<number | null> {
  const { hostname, port } = new URL(origin)
  const { method, url: path, headers } = incoming
  return new Promise((resolve) => {
    const upstream = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      void readBody(answer).then((body) => {
        response?.writeHead(answer.statusCode ?? 502, answer.headers).end(body)
        resolve(answer.statusCode ?? null)
      })
    })
    upstream.on('error', () => {
      response?.destroy()
      resolve(null)
    })
    upstream.end(bytes)
  })
}

function describeRequest(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  bytes: Buffer,
): Omit<Exchange, 'status'> {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  return { method, url, headers: Object.fromEntries(texts), body: bytes.toString('utf8') }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
