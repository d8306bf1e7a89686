import { describe, expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../../src/errors/bagboy-error.ts'
import { createOciClient } from '../../../../src/registries/oci/oci-client.ts'
import {
  answerWith,
  listenOnLoopback,
  type ServerAnswer,
  type ServerRequest,
} from '../../../../src/sandbox/servers/loopback-server.ts'
import { platformWith } from '../../../support/test-platform.ts'

const LOGIN = 'me:s3cret'
const BASIC = `Basic ${Buffer.from(LOGIN).toString('base64')}`

/** A registry that answers as it is told; `%H` in a header stands for its own host. */
async function startRegistry(answer: (request: ServerRequest) => ServerAnswer) {
  const seen: string[] = []
  const server = await listenOnLoopback(
    answerWith((request) => {
      seen.push(`${request.method} ${request.path} ${request.headers['authorization'] ?? '-'}`)
      const { headers = {}, ...rest } = answer(request)
      const filled = Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll('%H', request.headers['host'] ?? ''),
      ])
      return { ...rest, headers: Object.fromEntries(filled) as Record<string, string> }
    }),
  )
  onTestFinished(() => server.close())
  const open = (login: string) =>
    createOciClient({
      platform: platformWith(login === '' ? { HOME: '/nowhere' } : { LOGIN: login }),
      signal: new AbortController().signal,
      timeoutMs: 5000,
      registry: `${server.host}/team/app`,
      insecure: true,
      credentials: login === '' ? 'docker' : '${env:LOGIN}',
    })
  const get = async (client: ReturnType<typeof open>) =>
    client.request({ method: 'GET', path: 'manifests/latest', doing: 'reading' }).then(
      ({ status }) => status,
      (error: unknown) => toErrorReport(error).code,
    )
  return { seen, open, get, host: server.host }
}

function asks(...challenges: readonly string[]): ServerAnswer {
  return { status: 401, headers: { 'www-authenticate': challenges.join(', ') } }
}

function sends(document: unknown): ServerAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(document) }
}

test.each([404, 403])('what is hidden behind %i is read with the login that the entrance asks for', async (hidden) => {
  const { open, get, seen } = await startRegistry(({ path, headers }) => {
    if (path === '/v2/') return asks('Basic realm="r"')
    return { status: headers['authorization'] === BASIC ? 200 : hidden }
  })
  const [known, unknown] = [open(LOGIN), open('')]

  const answers = [await get(known), await get(known), await get(unknown)]

  expect(answers).toEqual([200, 200, hidden])
  expect([known.isAnonymous(), unknown.isAnonymous()]).toEqual([false, true])
  expect(seen.filter((line) => line.includes('/v2/ ') && line.includes('Basic'))).toEqual([])
})

test('an entrance that asks for nothing is asked once', async () => {
  const { open, get, seen } = await startRegistry(({ path }) => ({ status: path === '/v2/' ? 200 : 404 }))
  const client = open(LOGIN)

  const answers = [await get(client), await get(client)]

  expect(answers).toEqual([404, 404])
  expect(seen).toEqual(['GET /v2/team/app/manifests/latest -', 'GET /v2/ -', 'GET /v2/team/app/manifests/latest -'])
})

test('a refusal that does not say what it wants is understood by the entrance', async () => {
  const { open, get } = await startRegistry(({ path, headers }) => {
    if (path === '/v2/') return asks('Basic realm="r"')
    return { status: headers['authorization'] === BASIC ? 200 : 401 }
  })

  expect(await get(open(LOGIN))).toBe(200)
})

test.each([
  ['as docker has it', { token: 't' }],
  ['as OAuth has it', { access_token: 't', token_type: 'Bearer' }],
  ['in both ways', { token: 't', access_token: 't' }],
  ['with the other empty', { token: '', access_token: 't' }],
  ['with the other null', { token: null, access_token: 't' }],
  ['without a lifetime', { token: 't', issued_at: 'yesterday' }],
  ['that lives for nothing', { token: 't', expires_in: 0 }],
  ['that has ended', { token: 't', expires_in: -1 }],
  ['whose lifetime is null', { token: 't', expires_in: null }],
  ['whose lifetime is a text', { token: 't', expires_in: '300' }],
  ['whose lifetime is words', { token: 't', expires_in: 'soon' }],
  ['whose lifetime is no number of this world', { token: 't', expires_in: 1e300 }],
])('a token %s is used, and used again', async (_what, document) => {
  const { open, get, seen } = await startRegistry(({ path, headers }) => {
    if (path === '/token') return sends(document)
    return headers['authorization'] === 'Bearer t'
      ? { status: 200 }
      : asks('Bearer realm="http://%H/token",service="r"')
  })
  const client = open(LOGIN)

  const answers = [await get(client), await get(client)]

  expect(answers).toEqual([200, 200])
  expect(seen.filter((line) => line.includes('/token'))).toHaveLength(1)
})

test.each([
  ['stands nowhere', 'Bearer service="r"', 0],
  ['is no address', 'Bearer realm="file:///etc/passwd",service="r"', 0],
  ['is in clear text somewhere else', 'Bearer realm="http://auth.example.com/token",service="r"', 0],
  ['is on a host that the login must not go to', 'Bearer realm="https://auth.example.com/token",service="r"', 0],
  ['has no token server', 'Bearer realm="http://%H/token",service="r"', 1],
])('Basic is taken where it is offered beside a realm that %s', async (_what, bearer, tokenRequests) => {
  const { open, get, seen } = await startRegistry(({ path, headers }) => {
    if (path === '/token') return { status: 404 }
    return headers['authorization'] === BASIC ? { status: 200 } : asks(bearer, 'Basic realm="r"')
  })

  expect(await get(open(LOGIN))).toBe(200)
  expect(seen.filter((line) => line.includes('/token'))).toHaveLength(tokenRequests)
})

test('a login that the token server refuses is not tried in another way', async () => {
  const { open, get, seen } = await startRegistry(({ path }) =>
    path === '/token' ? { status: 401 } : asks('Bearer realm="http://%H/token",service="r"', 'Basic realm="r"'),
  )

  expect(await get(open(LOGIN))).toBe('REGISTRY_UNAUTHORIZED')
  expect(seen.filter((line) => line.includes('/manifests/') && line.includes('Basic'))).toEqual([])
})

test('a read is followed on the same host with its login, and to a loop not for ever', async () => {
  const { open, get, seen } = await startRegistry(({ path, headers }) => {
    if (headers['authorization'] !== BASIC) return asks('Basic realm="r"')
    if (path === '/v2/team/app/manifests/latest') return { status: 307, headers: { location: '/mirror/latest' } }
    return path === '/mirror/latest' ? { status: 200 } : { status: 302, headers: { location: path } }
  })
  const client = open(LOGIN)
  const loop = client.request({ method: 'GET', path: 'blobs/x', doing: 'reading' })

  expect(await get(client)).toBe(200)
  await expect(loop).rejects.toMatchObject({
    code: 'REGISTRY_BROKEN',
    message: expect.stringContaining('more than 20'),
  })
  expect(seen).toContain(`GET /mirror/latest ${BASIC}`)
})

test.each([
  ['in clear text', 'http://storage.example.com/x'],
  ['of another kind', 'file:///etc/passwd'],
  ['where clouds keep credentials', 'https://169.254.169.254/latest/meta-data'],
])('a read is not followed to an address %s', async (_what, location) => {
  const { open, get } = await startRegistry(() => ({ status: 302, headers: { location } }))

  expect(['REGISTRY_BROKEN', 'REGISTRY_REJECTED']).toContain(await get(open('')))
})

test('a registry that sends us to another one is not given its login, and that one is named', async () => {
  const other = await startRegistry(() => asks('Basic realm="other"'))
  const address = other.open('').reference.origin
  const { open } = await startRegistry(({ headers }) =>
    headers['authorization'] === BASIC
      ? { status: 307, headers: { location: `${address}/v2/team/app/manifests/latest` } }
      : asks('Basic realm="r"'),
  )
  const read = open(LOGIN).request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })

  await expect(read).rejects.toMatchObject({
    code: 'REGISTRY_FORBIDDEN',
    hint: `Name that registry in bagboy.yaml instead: ${new URL(address).host}`,
  })
  expect(other.seen).toEqual(['GET /v2/team/app/manifests/latest -'])
})

test.each([
  ['a moment', '0', 2, 200],
  ['longer than anybody wants to wait unseen', '60', 1, 429],
])('a read waits for a limit that ends in %s', async (_what, retryAfter, requests, status) => {
  let left = 1
  const { open, get, seen } = await startRegistry(() =>
    left-- > 0 ? { status: 429, headers: { 'retry-after': retryAfter } } : { status: 200 },
  )

  expect(await get(open(''))).toBe(status)
  expect(seen).toHaveLength(requests)
})

test.each([
  ['a moment', '0', 2, 200],
  ['longer than anybody wants to wait unseen', '60', 1, 'REGISTRY_RATE_LIMITED'],
])('a token is waited for where its server has a limit that ends in %s', async (_what, retryAfter, requests, end) => {
  let left = 1
  const { open, get, seen } = await startRegistry(({ path, headers }) => {
    if (path === '/token' && left-- > 0) return { status: 429, headers: { 'retry-after': retryAfter } }
    if (path === '/token') return sends({ token: 't' })
    return headers['authorization'] === 'Bearer t' ? { status: 200 } : asks('Bearer realm="http://%H/token"')
  })

  expect(await get(open(LOGIN))).toBe(end)
  expect(seen.filter((line) => line.includes('/token'))).toHaveLength(requests)
})

test.each([
  ['a limit of a moment', 429, '0', [200, 200]],
  ['a limit of a minute', 429, '60', ['REGISTRY_RATE_LIMITED', 200]],
  ['a fault', 503, '0', ['REGISTRY_BROKEN', 200]],
])(
  'what is hidden behind an entrance that answers with %s is not said to be missing',
  async (_what, status, after, ends) => {
    let left = 1
    const { open, get } = await startRegistry(({ path, headers }) => {
      if (path === '/v2/' && left-- > 0) return { status, headers: { 'retry-after': after } }
      if (path === '/v2/') return asks('Basic realm="r"')
      return { status: headers['authorization'] === BASIC ? 200 : 404 }
    })
    const client = open(LOGIN)

    expect([await get(client), await get(client)]).toEqual(ends)
  },
)

describe('a token server that redirects', () => {
  const TOKEN = 'Bearer realm="http://%H/token",service="r"'

  test.each([301, 302, 303, 307, 308])('with %i on its own origin gets the login there, too', async (status) => {
    const { open, get, seen } = await startRegistry(({ path, query, headers }) => {
      if (path === '/token') return { status, headers: { location: `/moved/token?${query.toString()}` } }
      if (path === '/moved/token') return headers['authorization'] === BASIC ? sends({ token: 't' }) : { status: 401 }
      return headers['authorization'] === 'Bearer t' ? { status: 200 } : asks(TOKEN)
    })

    expect(await get(open(LOGIN))).toBe(200)
    expect(seen).toContain(`GET /moved/token ${BASIC}`)
  })

  test('gets an identity token on its own origin, too', async () => {
    const bodies: string[] = []
    const { host, seen } = await startRegistry(({ path, headers, body }) => {
      if (path === '/token') return { status: 307, headers: { location: '/moved' } }
      if (path === '/moved') bodies.push(body.toString())
      if (path === '/moved') return sends({ access_token: 't' })
      return headers['authorization'] === 'Bearer t' ? { status: 200 } : asks(TOKEN)
    })
    const auths = { [host]: { identitytoken: 'identity' } }
    const client = createOciClient({
      platform: platformWith({ HOME: '/nowhere', DOCKER_AUTH_CONFIG: JSON.stringify({ auths }) }),
      signal: new AbortController().signal,
      timeoutMs: 5000,
      registry: `${host}/team/app`,
      insecure: true,
      credentials: 'docker',
    })

    const { status } = await client.request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })

    expect(status).toBe(200)
    expect(seen).toContain('POST /moved -')
    expect(bodies).toEqual([expect.stringContaining('refresh_token=identity')])
  })

  test('to another origin gets no login there, and nothing is asked', async () => {
    const other = await startRegistry(() => sends({ token: 'of everybody' }))
    const { open } = await startRegistry(({ path }) =>
      path === '/token' ? { status: 307, headers: { location: `http://${other.host}/token` } } : asks(TOKEN),
    )
    const read = open(LOGIN).request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })

    await expect(read).rejects.toMatchObject({
      code: 'REGISTRY_BROKEN',
      message: expect.stringContaining(`redirects to http://${other.host}/token, another origin`),
    })
    expect(other.seen).toEqual([])
  })

  test('to another origin is followed where there is no login', async () => {
    const other = await startRegistry(() => sends({ token: 't' }))
    const { open, get } = await startRegistry(({ path, headers }) => {
      if (path === '/token') return { status: 307, headers: { location: `http://${other.host}/token` } }
      return headers['authorization'] === 'Bearer t' ? { status: 200 } : asks(TOKEN)
    })

    expect(await get(open(''))).toBe(200)
    expect(other.seen).toEqual(['GET /token -'])
  })
})
