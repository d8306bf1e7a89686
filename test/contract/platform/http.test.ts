import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { BagboyError } from '../../../src/errors/bagboy-error.ts'
import { createNodeHttp } from '../../../src/platform/node/http/http.ts'
import type { HttpRequest } from '../../../src/platform/platform.ts'

const NEVER = new AbortController().signal
const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, server }
}

function get(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, timeoutMs: 5000, ...more }
}

/** What it was rejected with, and after how long. */
async function failureOf(work: Promise<unknown>): Promise<{ error: unknown; afterMs: number }> {
  const start = performance.now()
  const error: unknown = await work.then(
    (answer) => `it was answered: ${JSON.stringify(answer)}`,
    (thrown: unknown) => thrown,
  )
  return { error, afterMs: performance.now() - start }
}

const flood: RequestListener = (_request, response) => {
  const chunk = Buffer.alloc(65_536)
  const pour = (): void => {
    while (response.write(chunk));
    response.once('drain', pour)
  }
  pour()
}

describe('http', () => {
  it('sends method, headers and body and gives back status, headers and body', async () => {
    const { url } = await serve((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        response.writeHead(418, { 'X-Seen': String(request.headers['x-token']), 'Set-Cookie': ['a=1', 'b=2'] })
        response.end(`${request.method} ${Buffer.concat(parts).toString()}`)
      })
    })

    const answer = await createNodeHttp({})(
      get(url, { method: 'PUT', headers: { 'X-Token': 'abc' }, body: 'content' }),
      NEVER,
    )

    expect(answer.status).toBe(418)
    expect(answer.headers['x-seen']).toBe('abc')
    expect(answer.headers['set-cookie']).toBe('a=1, b=2')
    expect(Buffer.from(answer.body).toString()).toBe('PUT content')
  })

  it('gives back what comes behind the body, and nothing where nothing does', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/plain') return void response.end('body')
      response.writeHead(200, { Trailer: 'ETag' })
      response.write('body')
      response.addTrailers({ ETag: '"abc"' })
      response.end()
    })
    const http = createNodeHttp({})

    const [trailed, plain] = [await http(get(url), NEVER), await http(get(`${url}/plain`), NEVER)]

    expect(trailed.trailers).toEqual({ etag: '"abc"' })
    expect(plain).not.toHaveProperty('trailers')
  })

  it('opens a connection of its own when it is asked to, and leaves none behind', async () => {
    const ports: (number | undefined)[] = []
    const { url, server } = await serve((request, response) => {
      ports.push(request.socket.remotePort)
      response.end()
    })
    const http = createNodeHttp({})
    await http(get(url), NEVER)

    for (let count = 0; count < 3; count += 1) await http(get(url, { isFresh: true }), NEVER)
    await http(get(url), NEVER)

    expect(new Set(ports).size).toBe(4)
    expect(ports[4]).toBe(ports[0])
    const openCount = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
    expect(openCount).toBe(1)
  })

  it('does not follow a redirect and sends its secrets nowhere else', async () => {
    const elsewhere: unknown[] = []
    const other = await serve((request, response) => {
      elsewhere.push(request.headers)
      response.end()
    })
    const codes = [301, 302, 303, 307, 308]
    const { url } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { location: `${other.url}/stolen` }).end()
    })
    const headers = { authorization: 'Bearer s', 'x-nuget-apikey': 's', 'private-token': 's', cookie: 's' }
    const http = createNodeHttp({})

    const answers = await Promise.all(codes.map((code) => http(get(`${url}/${code}`, { headers }), NEVER)))

    expect(answers.map(({ status }) => status)).toEqual(codes)
    expect(answers[0]?.headers['location']).toBe(`${other.url}/stolen`)
    expect(elsewhere).toEqual([])
  })

  it('keeps its connection after HEAD', async () => {
    const { url, server } = await serve((_request, response) => response.end('ok'))
    let connectionCount = 0
    server.on('connection', () => (connectionCount += 1))
    const http = createNodeHttp({})

    for (let round = 0; round < 20; round += 1) await http(get(url, { method: 'HEAD' }), NEVER)

    // undici opens a second one when the first is busy for the rest of a tick.
    expect(connectionCount).toBeLessThanOrEqual(2)
  })

  it.each([
    ['never answers', () => undefined],
    ['stops after its headers', (_request, response) => response.flushHeaders()],
    [
      'trickles',
      (_request, response) => {
        const drip = setInterval(() => response.write('.'), 20)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ] satisfies [string, RequestListener][])('gives up at its deadline on a server that %s', async (_title, listener) => {
    const { url } = await serve(listener)

    const { error, afterMs } = await failureOf(createNodeHttp({})(get(url, { timeoutMs: 300 }), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_TIMEOUT', message: expect.stringContaining('300 ms') })
    expect(afterMs).toBeGreaterThan(250)
  })

  it('stops an endless body at its limit', async () => {
    const { url } = await serve(flood)

    const { error } = await failureOf(createNodeHttp({})(get(url, { maxBytes: 1_000_000 }), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_BROKEN', message: expect.stringContaining('1000000 bytes') })
  })

  it('counts the decoded bytes of a compressed body, in little memory', async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024), { level: 9 })
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)
    })
    const http = createNodeHttp({})
    await failureOf(http(get(url, { maxBytes: 10 }), NEVER))
    const before = process.memoryUsage.rss()

    const { error } = await failureOf(http(get(url, { maxBytes: 4_000_000 }), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_BROKEN' })
    expect(process.memoryUsage.rss() - before).toBeLessThan(20 * 1024 * 1024)
  })

  it('decodes what is compressed and accepts the header without a body', async () => {
    const { url } = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(request.method === 'HEAD' ? undefined : gzipSync('plain'))
    })
    const http = createNodeHttp({})

    const [full, head] = [await http(get(url), NEVER), await http(get(url, { method: 'HEAD' }), NEVER)]

    expect(Buffer.from(full.body).toString()).toBe('plain')
    expect(head.body).toHaveLength(0)
  })

  it.each([
    ['is not what its coding says', { 'content-encoding': 'gzip' }],
    ['is in a coding nobody knows', { 'content-encoding': 'secret-sauce' }],
    ['has 10,000 headers', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, 'v']))],
  ])('calls an answer broken that %s', async (_title, headers) => {
    const { url } = await serve((_request, response) => response.writeHead(200, headers).end('body'))

    const { error } = await failureOf(createNodeHttp({})(get(url), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_BROKEN' })
  })

  it.each([
    ['resets the connection', (request) => request.socket.resetAndDestroy()],
    [
      'ends before its own content-length',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('x')
        setImmediate(() => request.socket.end())
      },
    ],
  ] satisfies [string, RequestListener][])(
    'says that no whole answer came when a server %s',
    async (_title, listener) => {
      const { url } = await serve(listener)

      const { error } = await failureOf(createNodeHttp({})(get(`${url}/a?token=secret`), NEVER))

      expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', cause: expect.any(Error) })
      expect(String(error)).not.toContain('secret')
    },
  )

  it('says that nobody listens, without what the address holds of secrets', async () => {
    const { url, server } = await serve(() => undefined)
    await new Promise((resolve) => server.close(resolve))

    const { error } = await failureOf(
      createNodeHttp({})(get(url.replace('//', '//user:password@') + '/a?token=abc'), NEVER),
    )

    expect(error).toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: `GET ${new URL(url).host}/a: no whole answer came (ECONNREFUSED)`,
    })
  })

  it('names the token when a header cannot be sent', async () => {
    const { url } = await serve((_request, response) => response.end())

    const { error } = await failureOf(createNodeHttp({})(get(url, { headers: { authorization: 'to\nken' } }), NEVER))

    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE', hint: expect.stringContaining('token') })
    expect(String(error)).not.toContain('ken\n')
  })

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'registry', ''])('refuses the address %j', async (url) => {
    await expect(createNodeHttp({})(get(url), NEVER)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })

  it("rejects with the caller's own reason when the caller aborts", async () => {
    const { url } = await serve(() => abort.abort(reason))
    const [abort, reason] = [new AbortController(), new Error('the operator left')]

    const during = await failureOf(createNodeHttp({})(get(url), abort.signal))
    const before = await failureOf(createNodeHttp({})(get(url), abort.signal))

    expect([during.error, before.error]).toEqual([reason, reason])
    expect(during.error).toBe(reason)
  })

  it('goes through the proxy of the environment, but not to this machine', async () => {
    const asked: string[] = []
    const { url, server } = await serve((_request, response) => response.end('direct'))
    server.on('connect', (request, socket) => {
      asked.push(String(request.url))
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    })
    const http = createNodeHttp({ HTTPS_PROXY: url, HTTP_PROXY: url, NO_PROXY: 'internal.example.com' })

    const answer = await http(get(url), NEVER)
    const { error } = await failureOf(http(get('https://registry.example.com/a'), NEVER))

    expect(Buffer.from(answer.body).toString()).toBe('direct')
    expect(error).toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    expect(asked).toEqual(['registry.example.com:443'])
  })

  it('asks right before the first byte goes out, also over a connection that was there, and sends nothing when refused', async () => {
    const seen: string[] = []
    const { url } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      response.end('ok')
    })
    const http = createNodeHttp({})
    const asked: number[] = []
    const held = new BagboyError('LOCK_UNSURE', 'held up')

    await http(get(`${url}/one`, { method: 'PUT', body: '1', beforeSend: () => void asked.push(seen.length) }), NEVER)
    const refused = await failureOf(
      http(
        get(`${url}/two`, {
          method: 'PUT',
          body: '2',
          beforeSend: () => {
            throw held
          },
        }),
        NEVER,
      ),
    )
    const { status } = await http(get(`${url}/three`, { beforeSend: () => void asked.push(seen.length) }), NEVER)

    // Each twice: before the first byte, when the server cannot have seen it, and right behind it.
    expect(asked).toEqual([0, 0, 1, 1])
    expect(refused.error).toBe(held)
    expect([seen, status]).toEqual([['PUT /one', 'GET /three'], 200])
  })

  it('ends a request whose second question is refused with what it was refused with', async () => {
    const { url } = await serve((_request, response) => void response.end('ok'))
    const late = new BagboyError('LOCK_UNSURE', 'held up while it was sent')
    let count = 0

    const { error } = await failureOf(
      createNodeHttp({})(
        get(url, {
          method: 'PUT',
          body: '1',
          beforeSend: () => {
            count += 1
            if (count === 2) throw late
          },
        }),
        NEVER,
      ),
    )

    expect(error).toBe(late)
  })
})
