import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createNodeHttp } from '../../../../src/platform/node/http/http.ts'
import type { HttpRequest, HttpResponse } from '../../../../src/platform/platform.ts'

const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function ask(url: string, more: Partial<HttpRequest> = {}, http = createNodeHttp({})): Promise<HttpResponse> {
  return http({ method: 'GET', url, timeoutMs: 5000, ...more }, new AbortController().signal)
}

const PLAIN = Buffer.from('{"status":"ok"}')

describe('an answer in a coding', () => {
  test.each([
    ['gzip', gzipSync(PLAIN)],
    ['GZIP', gzipSync(PLAIN)],
    ['gzip, identity', gzipSync(PLAIN)],
    ['deflate', deflateSync(PLAIN)],
    ['deflate', deflateRawSync(PLAIN)],
    ['br', brotliCompressSync(PLAIN)],
    ['zstd', zstdCompressSync(PLAIN)],
    ['gzip, br', brotliCompressSync(gzipSync(PLAIN))],
  ])('%s is decoded', async (coding, bytes) => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': coding }).end(bytes))

    expect(Buffer.from((await ask(url)).body).toString()).toBe(PLAIN.toString())
  })

  test('that is not known is refused, and taken as it came by a request that allows it', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'rot13' }).end(PLAIN))

    await expect(ask(url)).rejects.toMatchObject({ code: 'REGISTRY_BROKEN' })
    expect(Buffer.from((await ask(url, { takesAnyCoding: true })).body).toString()).toBe(PLAIN.toString())
  })

  test.each(['gzip', 'zstd', 'rot13'])('%s is no fault of an answer without a body', async (coding) => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': coding }).end())

    expect(await ask(url, { method: 'HEAD', takesAnyCoding: true })).toMatchObject({ status: 200 })
  })
})

describe('a body of which only the beginning is needed', () => {
  test('is left where it is long enough, be it without end', async () => {
    const url = await serve((_, response) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const pour = (): void => {
        while (response.write(chunk));
        response.once('drain', pour)
      }
      pour()
    })

    expect((await ask(url, { isFresh: true, isBodyCut: true, maxBytes: 1000 })).body.length).toBe(1000)
  })
})

describe('a kept connection', () => {
  /** Answers the first request of every connection and closes it at the second, as a server whose patience ended. */
  async function impatient(): Promise<{ readonly url: string; readonly seen: Map<Socket, number> }> {
    const seen = new Map<Socket, number>()
    const url = await serve((request, response) => {
      const count = (seen.get(request.socket) ?? 0) + 1
      seen.set(request.socket, count)
      if (count > 1) request.socket.destroy()
      else response.end('ok')
    })
    return { url, seen }
  }

  /** Several, since a connection is only kept for the next request once its answer has been put away. */
  async function askFive(url: string, more: Partial<HttpRequest>): Promise<readonly string[]> {
    const http = createNodeHttp({})
    const outcomes: string[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      const outcome = await ask(url, more, http).then(
        ({ status }) => String(status),
        (error: unknown) => (error as { readonly code: string }).code,
      )
      outcomes.push(outcome)
    }
    return outcomes
  }

  test('that broke is replaced once, for a request that changes nothing', async () => {
    const { url, seen } = await impatient()

    expect(await askFive(url, { isRepeatable: true })).toEqual(['200', '200', '200', '200', '200'])
    expect([...seen.values()]).toContain(2)
  })

  test('that broke fails any other request', async () => {
    const { url } = await impatient()

    expect(await askFive(url, {})).toContain('REGISTRY_UNREACHABLE')
  })
})

describe('a proxy', () => {
  test.each([
    ['that refuses to connect', async () => refusing(), /the proxy 127\.0\.0\.1:\d+ refused to connect \(503\)/u],
    ['that does not listen', async () => 'http://127.0.0.1:1', /the proxy 127\.0\.0\.1:1 cannot be reached/u],
  ])('%s is named, and nothing is said of the application', async (_title, proxy, message) => {
    const http = createNodeHttp({ https_proxy: await proxy() })

    await expect(ask('https://app.example.com/', {}, http)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      details: { code: 'PROXY' },
    })
  })

  async function refusing(): Promise<string> {
    const url = await serve((_, response) => response.writeHead(503).end())
    open.at(-1)?.on('connect', (_request, socket) => socket.end('HTTP/1.1 503 no\r\n\r\n'))
    return url
  }
})

describe('the times of a request', () => {
  test('name its phases, and their sum is the whole', async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end('late'), 60))

    const { times } = await ask(url, { isFresh: true, isMeasured: true })

    expect(times?.connectMs).toBeGreaterThan(0)
    expect(times?.tlsMs).toBeLessThan(times?.connectMs ?? 0)
    expect(times?.firstByteMs).toBeGreaterThan(50)
    const { connectMs = 0, tlsMs = 0, firstByteMs = 0, bodyMs = 0, totalMs } = times ?? {}
    expect(totalMs).toBe(connectMs + tlsMs + firstByteMs + bodyMs)
  })

  test('leave out what passes before the request is sent', async () => {
    const url = await serve((_, response) => response.end('ok'))
    const started = performance.now()
    let busyMs = 0
    // The connection is there, and this process is busy with something of its own.
    const beforeSend = (): void => {
      if (busyMs > 0) return
      const from = performance.now()
      while (performance.now() - from < 80);
      busyMs = performance.now() - from
    }

    const { times } = await ask(url, { isFresh: true, isMeasured: true, beforeSend })

    expect((times?.totalMs ?? 0) + busyMs).toBeLessThanOrEqual(performance.now() - started)
  })
})
