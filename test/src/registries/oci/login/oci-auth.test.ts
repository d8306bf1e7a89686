import { expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../../../src/errors/bagboy-error.ts'
import { parseChallenges } from '../../../../../src/registries/oci/login/oci-auth.ts'
import { createOciClient } from '../../../../../src/registries/oci/oci-client.ts'
import {
  answerWith,
  listenOnLoopback,
  type ServerAnswer,
  type ServerRequest,
} from '../../../../../src/sandbox/servers/loopback-server.ts'
import { platformWith } from '../../../../support/test-platform.ts'

const LOGIN = 'me:s3cret'
const JSON_TYPE = { 'content-type': 'application/json' }

interface TokenServer {
  /** What the token endpoint answers to these actions. */
  readonly grant: (actions: string, request: ServerRequest) => ServerAnswer
  /** Whether the registry takes this Authorization. */
  readonly accepts: (authorization: string, method: string) => boolean
  readonly realm?: string
  readonly error?: string
}

/** A registry with token authentication; everything that is sent is kept. */
async function startTokenRegistry({ grant, accepts, realm, error }: TokenServer) {
  const seen: ServerRequest[] = []
  const server = await listenOnLoopback(
    answerWith((request) => {
      seen.push(request)
      if (request.path === '/token') {
        return grant(/:([a-z,]+)$/u.exec(request.query.get('scope') ?? '')?.[1] ?? '', request)
      }
      if (accepts(request.headers['authorization'] ?? '', request.method)) return { status: 200, body: 'welcome' }
      const why = error === undefined ? '' : `,error="${error}"`
      const place = realm ?? `http://${request.headers['host']}/token`
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${place}",service="r"${why}` } }
    }),
  )
  onTestFinished(() => server.close())
  const platform = platformWith({ LOGIN })
  const client = () =>
    createOciClient({
      platform,
      signal: new AbortController().signal,
      timeoutMs: 5000,
      registry: `${server.host}/team/app`,
      insecure: true,
      credentials: '${env:LOGIN}',
    })
  const get = (target = client()) => target.request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })
  return { seen, client, get, tokenRequests: () => seen.filter(({ path }) => path === '/token') }
}

function jwt(actions: readonly string[], name = 'team/app'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return [part({ alg: 'none' }), part({ access: [{ type: 'repository', name, actions }] }), 'signature'].join('.')
}

function token(value: string, expiresIn?: number): ServerAnswer {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ token: value, expires_in: expiresIn }) }
}

test.each([
  ['Basic realm="r"', { scheme: 'basic' }],
  [
    'bearer realm="https://a/t",service="s",scope="x:y:pull,push"',
    { scheme: 'bearer', realm: 'https://a/t', service: 's', error: '' },
  ],
  [
    'Bearer service="s", realm="https://a/t", error="invalid_token"',
    { scheme: 'bearer', realm: 'https://a/t', service: 's', error: 'invalid_token' },
  ],
  ['Basic realm="r", Bearer realm="https://a/t"', { scheme: 'bearer', realm: 'https://a/t', service: '', error: '' }],
  ['Negotiate', undefined],
  [undefined, undefined],
])('the challenge %j is read', (header, expected) => {
  expect(parseChallenges(header)[0]).toEqual(expected)
})

test('one token serves requests at once and later ones, also of another client', async () => {
  const { client, get, tokenRequests, seen } = await startTokenRegistry({
    grant: () => token('t1', 300),
    accepts: (authorization) => authorization === 'Bearer t1',
  })
  const shared = client()

  await Promise.all([get(shared), get(shared), get(shared)])
  await get()

  expect(tokenRequests()).toHaveLength(1)
  expect(tokenRequests()[0]?.query.get('scope')).toBe('repository:team/app:pull,push')
  expect(tokenRequests()[0]?.headers['authorization']).toBe(`Basic ${Buffer.from(LOGIN).toString('base64')}`)
  expect(
    seen.filter(({ path, headers }) => path !== '/token' && headers['authorization']?.startsWith('Basic')),
  ).toEqual([])
})

test('a token that ends in the middle is replaced once, without anybody noticing', async () => {
  let valid = 't1'
  const { get, tokenRequests } = await startTokenRegistry({
    grant: () => token(valid, 300),
    accepts: (authorization) => authorization === `Bearer ${valid}`,
  })
  await get()
  valid = 't2'

  const answer = await get()

  expect(answer.status).toBe(200)
  expect(tokenRequests()).toHaveLength(2)
})

test.each([
  ['push', jwt(['push', 'pull']), 'write'],
  ['everything', jwt(['*']), 'write'],
  ['reading only', jwt(['pull']), 'denied'],
  ['another repository', jwt(['pull', 'push'], 'other'), 'denied'],
  ['nothing that can be read', 'opaque', 'unknown'],
])('a token for %s tells the access', async (_what, value, access) => {
  const { client, get } = await startTokenRegistry({
    grant: () => token(value),
    accepts: (sent) => sent === `Bearer ${value}`,
  })
  const used = client()

  await get(used)

  expect(used.access()).toBe(access)
})

test('falls back to reading where a token for writing is refused outright', async () => {
  const { client, get, tokenRequests } = await startTokenRegistry({
    grant: (actions) => (actions === 'pull' ? token('narrow') : { status: 403 }),
    accepts: (authorization) => authorization === 'Bearer narrow',
  })
  const used = client()

  const answer = await get(used)

  expect([answer.status, used.access()]).toEqual([200, 'denied'])
  expect(tokenRequests()).toHaveLength(2)
})

test.each([
  ['wrong credentials', { grant: () => ({ status: 401, body: `no ${LOGIN}` }) }, 'REGISTRY_UNAUTHORIZED'],
  ['a token server that is down', { grant: () => ({ status: 503 }) }, 'REGISTRY_BROKEN'],
  [
    'a token server that redirects',
    { grant: () => ({ status: 307, headers: { location: 'http://127.0.0.1:9/' } }) },
    'REGISTRY_BROKEN',
  ],
  ['an answer without a token', { grant: () => ({ status: 200, body: '{}' }) }, 'REGISTRY_BROKEN'],
  ['a token that is not enough', { grant: () => token('t'), error: 'insufficient_scope' }, 'REGISTRY_FORBIDDEN'],
  ['a token that is not taken', { grant: () => token('t'), error: 'invalid_token' }, 'REGISTRY_UNAUTHORIZED'],
  ['a realm without TLS', { grant: () => token('t'), realm: 'http://auth.example.com/token' }, 'REGISTRY_BROKEN'],
  ['a realm that is no address', { grant: () => token('t'), realm: 'file:///etc/passwd' }, 'REGISTRY_BROKEN'],
] as const)('%s ends it, and the secret stays ours', async (_what, behaviour, code) => {
  const { get } = await startTokenRegistry({ accepts: () => false, ...behaviour })

  const report = await get().catch((error: unknown) => toErrorReport(error))

  expect(report).toMatchObject({ code, hint: expect.stringMatching(/\S/u) as string })
  expect(JSON.stringify(report)).not.toContain('s3cret')
})
