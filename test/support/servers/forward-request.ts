import { request as httpRequest, type Agent, type IncomingMessage } from 'node:http'

export interface ForwardedAnswer {
  readonly status: number
  /** Name and value in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** As the headers; behind the body. */
  readonly rawTrailers: readonly string[]
}

/** Sends a request that has been read on to the server behind. The Host stays: addresses in answers keep the proxy. */
export function forwardRequest(
  upstream: URL,
  agent: Agent,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<ForwardedAnswer> {
  const { 'transfer-encoding': _chunked, expect: _expect, ...headers } = incoming.headers
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        agent,
        host: upstream.hostname,
        port: upstream.port,
        method: incoming.method,
        path: incoming.url,
        headers: {
          ...headers,
          connection: 'close',
          ...(body.length > 0 ? { 'content-length': body.length } : {}),
        },
      },
      (answer) => {
        readAll(answer).then((bytes) => {
          const { statusCode: status = 502, rawHeaders, rawTrailers } = answer
          resolve({ status, rawHeaders, body: bytes, rawTrailers })
        }, reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
}
