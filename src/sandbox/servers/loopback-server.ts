import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server of ours on 127.0.0.1. */
export interface LoopbackServer {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string
  /** `127.0.0.1:41234` */
  readonly host: string
  readonly port: number
  /** Ends open connections too; settles when the port is free. */
  close(): Promise<void>
}

/** A request that has been read to its end. */
export interface ServerRequest {
  readonly method: string
  /** As sent, without the query: percent escapes stay. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface ServerAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Listens on a free port unless one is given. The process may end while it listens. */
export async function listenOnLoopback(listener: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.unref()
  const bound = (server.address() as AddressInfo).port
  const host = `127.0.0.1:${bound}`
  return {
    url: `http://${host}`,
    host,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * Serves one function of the whole request, `latencyMs` after it came. HEAD gets the headers and no body; what the
 * function throws is a 500.
 */
export function answerWith(answer: (request: ServerRequest) => ServerAnswer, latencyMs = 0): RequestListener {
  return (incoming, response) => {
    readRequest(incoming)
      .then(async (request) => {
        if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false })
        const { status, headers = {}, body = '' } = answer(request)
        const bytes = Buffer.from(body)
        const length = status === 204 || status === 304 ? {} : { 'content-length': String(bytes.length) }
        response.writeHead(status, { ...length, ...headers })
        response.end(request.method === 'HEAD' ? undefined : bytes)
      })
      .catch((error: unknown) => {
        if (response.headersSent || incoming.destroyed) return void response.destroy()
        response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
      })
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ServerRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array))
  const [path = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/su)
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  }
}

/** User and secret of a Basic `Authorization`, as `user:secret`; empty without one. */
export function basicCredentials(authorization: string | undefined): string {
  const [scheme = '', encoded = ''] = (authorization ?? '').split(' ')
  return scheme.toLowerCase() === 'basic' ? Buffer.from(encoded, 'base64').toString() : ''
}
