import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HttpCheck } from '../../../src/domain/health/health-check.ts'
import { runRound } from '../../../src/health/run-round.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { aProbe, anHttpCheck } from '../../support/builders/a-probe.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** An authority of its own, a certificate that is good, one that has expired, one for another name, one of a client. */
const folder = temporaryFolder('certificates')
const openssl = (...args: readonly string[]): void =>
  void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
const servers: Server[] = []

function sign(name: string, days: string, subject: string): void {
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=x')
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${subject}`)
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
  openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-days', days, '-out', `${name}.pem`, '-extfile', `${name}.ext`)
}

async function serve(name: string, isClientAsked = false): Promise<string> {
  const [key, cert, ca] = [`${name}.key`, `${name}.pem`, 'ca.pem'].map((file) => readFileSync(join(folder, file)))
  const options = { key, cert, ca, requestCert: isClientAsked, rejectUnauthorized: isClientAsked }
  const server = createServer(options, (_, response) => response.end('ok'))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function check(url: string, tls: Partial<HttpCheck['tls']> = {}) {
  const probe = aProbe(anHttpCheck(url, { tls: { caFile: '', certFile: '', keyFile: '', ...tls } }))
  return runRound(probe, { platform: createNodePlatform(), root: folder }, 0, new AbortController().signal)
}

beforeAll(() => {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=own',
  )
  sign('good', '2', 'IP:127.0.0.1')
  sign('over', '0', 'IP:127.0.0.1')
  sign('other', '2', 'DNS:other.example.com')
})

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

test('an authority that is not known here is not held against the application', async () => {
  const sample = await check(await serve('good'))

  expect(sample.verdict).toBe('unknown')
  expect(sample.detail).toContain('name it with ca_file')
})

test('with the authority that the check names the application is asked', async () => {
  expect(await check(await serve('good'), { caFile: 'ca.pem' })).toMatchObject({ verdict: 'passing', detail: '200' })
})

test.each([
  ['over', 'its certificate has expired (CERT_HAS_EXPIRED)'],
  ['other', 'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)'],
])('a certificate that is bad for everybody (%s) is failing', async (name, detail) => {
  expect(await check(await serve(name), { caFile: 'ca.pem' })).toMatchObject({ verdict: 'failing', detail })
})

test('a client certificate is shown to an application that asks for one', async () => {
  const url = await serve('good', true)

  expect((await check(url, { caFile: 'ca.pem' })).verdict).toBe('failing')
  expect(await check(url, { caFile: 'ca.pem', certFile: 'good.pem', keyFile: 'good.key' })).toMatchObject({
    verdict: 'passing',
  })
})
