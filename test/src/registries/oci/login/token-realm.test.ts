import { knownSecrets } from '../../../../support/builders/known-secrets.ts'
import { onTestFinished, describe, expect, test } from 'vitest'
import { toErrorReport } from '../../../../../src/errors/bagboy-error.ts'
import { docker } from '../../../../../src/registries/oci/driver.ts'
import { parseTokenRealm } from '../../../../../src/registries/oci/login/token-realm.ts'
import { createOciClient } from '../../../../../src/registries/oci/oci-client.ts'
import { answerWith, listenOnLoopback, type ServerRequest } from '../../../../../src/sandbox/servers/loopback-server.ts'
import { platformWith } from '../../../../support/test-platform.ts'

const LOGIN = 'me:s3cret'
const story = { registry: 'r', doing: 'reading', login: 'Log in.', secrets: knownSecrets() }

function hostOf(origin: string, realm: string, configured?: string) {
  return parseTokenRealm({ origin, realm, configured }, story).host
}

describe('a token server', () => {
  test.each([
    ['https://ghcr.io', 'https://ghcr.io/token', 'registry'],
    ['https://quay.io', 'https://quay.io/v2/auth', 'registry'],
    ['https://myapp.azurecr.io', 'https://myapp.azurecr.io/oauth2/token', 'registry'],
    ['https://europe-docker.pkg.dev', 'https://europe-docker.pkg.dev:443/v2/token', 'registry'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/token', 'registry'],
    ['https://registry-1.docker.io', 'https://auth.docker.io/token', 'known'],
    ['https://registry.gitlab.com', 'https://gitlab.com/jwt/auth', 'known'],
    ['https://registry.digitalocean.com', 'https://api.digitalocean.com/v2/registry/auth', 'known'],
    ['https://registry.example.com', 'https://auth.registry.example.com/token', 'known'],
    ['https://registry.example.com:5000', 'https://auth.registry.example.com:5000/token', 'known'],
    ['https://git.example.com:5050', 'https://git.example.com/jwt/auth', 'registry'],
    ['http://127.0.0.1:5000', 'https://127.0.0.1/token', 'other'],
    ['https://registry.example.com', 'https://registry.example.com:5001/token', 'other'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5001/token', 'other'],
    ['http://127.0.0.1:5000', 'http://localhost:5000/token', 'other'],
    ['https://registry.example.com', 'https://auth.example.com/token', 'other'],
    ['https://registry.example.com', 'https://registry.example.com.evil.example/token', 'other'],
    ['https://registry.example.com', 'https://evilregistry.example.com/token', 'other'],
    ['https://evil.example', 'https://auth.docker.io/token', 'other'],
    ['https://registry-1.docker.io', 'https://auth.docker.io.evil.example/', 'other'],
    ['https://registry-1.docker.io', 'https://auth.docker.io:8443/token', 'other'],
    ['https://registry.example.com', 'https://127.0.0.1/token', 'other'],
  ])('of %s at %s is one of its kind: %s', (origin, realm, host) => {
    expect(hostOf(origin, realm)).toBe(host)
  })

  test.each([
    ['http://auth.example.com/token'],
    ['http://127.0.0.1.evil.example/token'],
    ['https://me:secret@registry.example.com/token'],
    ['ftp://registry.example.com/token'],
    ['//registry.example.com/token'],
    [''],
  ])('at %j is refused, also when it is configured', (realm) => {
    expect(() => hostOf('https://registry.example.com', realm, 'https://registry.example.com')).toThrow('no safe place')
    expect(docker.options.safeParse({ token_realm: realm }).success).toBe(false)
  })

  test('that is configured is known: any path of its host, or the one path that is given', () => {
    const [origin, realm] = ['https://registry.example.com', 'https://git.example.com/jwt/auth']

    expect(hostOf(origin, realm, 'https://git.example.com')).toBe('known')
    expect(hostOf(origin, realm, 'https://git.example.com/jwt/auth')).toBe('known')
    expect(hostOf(origin, realm, 'https://git.example.com/other')).toBe('other')
    expect(hostOf(origin, realm, 'https://git.example.com:8443')).toBe('other')
  })
})

/** A registry whose challenge names a realm; the token server beside it keeps everything it is sent. */
async function startPair(realmAt: (tokenServer: string) => string) {
  const seen: ServerRequest[] = []
  const tokens = await listenOnLoopback(
    answerWith((request) => {
      seen.push(request)
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: 't' }) }
    }),
  )
  const registry = await listenOnLoopback(
    answerWith(({ headers }) =>
      headers['authorization'] === 'Bearer t'
        ? { status: 200, body: 'welcome' }
        : { status: 401, headers: { 'www-authenticate': `Bearer realm="${realmAt(tokens.host)}",service="r"` } },
    ),
  )
  onTestFinished(async () => {
    await Promise.all([tokens.close(), registry.close()])
  })
  const get = async ({ login = '', tokenRealm }: { login?: string; tokenRealm?: string } = {}) => {
    const client = createOciClient({
      platform: platformWith({ LOGIN: login, DOCKER_CONFIG: '/nowhere' }),
      signal: new AbortController().signal,
      timeoutMs: 5000,
      registry: `${registry.host}/team/app`,
      insecure: true,
      credentials: login === '' ? 'docker' : '${env:LOGIN}',
      tokenRealm,
    })
    const request = client.request({ method: 'GET', path: 'manifests/latest', doing: 'reading' })
    return request.then(
      ({ status }) => ({ status }),
      (error: unknown) => toErrorReport(error),
    )
  }
  return { seen, get, tokenServer: tokens.host }
}

test('a login is not sent to another port, and the error names the key that allows it', async () => {
  const { seen, get, tokenServer } = await startPair((host) => `http://${host}/token`)

  const refused = await get({ login: LOGIN })
  const allowed = await get({ login: LOGIN, tokenRealm: `http://${tokenServer}/token` })

  expect(refused).toMatchObject({
    code: 'REGISTRY_UNAUTHORIZED',
    hint: expect.stringContaining('token_realm') as string,
  })
  expect(allowed).toEqual({ status: 200 })
  expect(seen).toHaveLength(1)
})

test.each([
  ['this machine', (host: string) => `http://${host}/token`],
  ['this machine by another name', (host: string) => `http://localhost:${host.split(':')[1]}/token`],
  ['a metadata service', () => 'https://169.254.169.254/latest/'],
  ['a metadata service in IPv6', () => 'https://[fd00:ec2::254]/'],
  ['a private network', () => 'https://10.1.2.3/token'],
  ['a private network in IPv6', () => 'https://[fd12::1]/token'],
])('%s is not asked for a token without a login either', async (_what, realmAt) => {
  const { seen, get } = await startPair(realmAt)

  const report = await get()

  expect(report).toMatchObject({ code: 'REGISTRY_REJECTED', details: { code: 'FORBIDDEN_ADDRESS' } })
  expect(seen).toEqual([])
})

test('a metadata service is not asked when it is configured', async () => {
  const { get } = await startPair(() => 'https://169.254.169.254/token')

  const report = await get({ login: LOGIN, tokenRealm: 'https://169.254.169.254' })

  expect(report).toMatchObject({ code: 'REGISTRY_REJECTED' })
})
