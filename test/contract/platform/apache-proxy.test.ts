import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runRound } from '../../../src/health/run-round.ts'
import { createNodeHttp } from '../../../src/platform/node/http/http.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { aProbe, anHttpCheck } from '../../support/builders/a-probe.ts'
import { startNamedHosts, type NamedHosts } from '../../support/servers/named-hosts.ts'
import { missingApache, passwordFile, startApache, type Apache } from '../../support/servers/real/apache.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const LOGIN = 'operator:loopback-only'
const MODULES = ['proxy', 'proxy_http', 'proxy_connect', 'auth_basic', 'authn_core', 'authn_file', 'authz_user']
const NAMES = { plain: 'http://plain.example.test/health', tls: 'https://tls.example.test/health' } as const
const missing = missingApache()

describe.skipIf(missing)(`health checks through Apache as a proxy that wants a login ${missing ?? ''}`, () => {
  const folder = temporaryFolder('apache-proxy')
  const servers: Server[] = []
  const closers: (() => Promise<void>)[] = []
  let names: NamedHosts
  let proxy: Apache

  const portOf = async (server: Server): Promise<string> => {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  beforeAll(async () => {
    const subject = ['-subj', '/CN=own', '-addext', 'subjectAltName=DNS:tls.example.test']
    const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'ca.pem')]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
      stdio: 'ignore',
    })
    const [key, cert] = [readFileSync(join(folder, 'key')), readFileSync(join(folder, 'ca.pem'))]
    names = await startNamedHosts({
      'plain.example.test': await portOf(createServer((_, response) => response.end('plain'))),
      'tls.example.test': await portOf(createTlsServer({ key, cert }, (_, response) => response.end('tls'))),
    })
    closers.push(() => names.close())
    passwordFile(join(folder, 'users'), LOGIN)
    proxy = await startApache({
      modules: MODULES,
      lines: () => [
        'ProxyRequests On',
        'AllowCONNECT 443',
        `ProxyRemote * ${names.url}`,
        '<Proxy *>',
        'AuthType Basic',
        'AuthName proxy',
        `AuthUserFile ${join(folder, 'users')}`,
        'Require valid-user',
        '</Proxy>',
      ],
    })
    closers.push(() => proxy.close())
  })

  afterAll(async () => {
    for (const close of closers.toReversed()) await close()
    for (const server of servers) server.close()
  })

  function ask(url: string, env: Readonly<Record<string, string>>) {
    const probe = aProbe(anHttpCheck(url, { tls: { caFile: 'ca.pem', certFile: '', keyFile: '' } }))
    const platform = { ...createNodePlatform(), env, http: createNodeHttp(env) }
    return runRound(probe, { platform, root: folder }, 0, new AbortController().signal)
  }
  const through = (login: string) => {
    const url = `http://${login}${login === '' ? '' : '@'}${proxy.host}`
    return { http_proxy: url, https_proxy: url }
  }

  test.each(['plain', 'tls'] as const)('with the login of the proxy the %s application is asked', async (kind) => {
    expect(await ask(NAMES[kind], through(LOGIN))).toMatchObject({ verdict: 'passing', detail: '200' })
  })

  test.each([
    { kind: 'plain', login: '' },
    { kind: 'plain', login: 'operator:wrong' },
    { kind: 'tls', login: '' },
    { kind: 'tls', login: 'operator:wrong' },
  ] as const)('a proxy that takes "$login" for $kind is not held against the application', async ({ kind, login }) => {
    const sample = await ask(NAMES[kind], through(login))

    expect(sample).toMatchObject({ verdict: 'unknown', detail: expect.stringContaining('407') as string })
    expect(sample.detail).not.toContain('wrong')
  })

  test('a port that the proxy connects nobody to is not held against the application either', async () => {
    const sample = await ask('https://tls.example.test:8443/health', through(LOGIN))

    expect(sample).toMatchObject({ verdict: 'unknown' })
    expect(sample.detail).toContain('403')
  })

  test('a host that is excepted is asked without the proxy', async () => {
    const sample = await ask(NAMES.plain, { ...through(LOGIN), no_proxy: '.example.test' })

    expect(sample.verdict).toBe('unknown')
    expect(sample.detail).toMatch(/ENOTFOUND|EAI_AGAIN/u)
  })
})
