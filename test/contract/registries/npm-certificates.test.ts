import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { toErrorReport } from '../../../src/errors/bagboy-error.ts'
import { createNpmClient } from '../../../src/registries/npm/npm-client.ts'
import { readPackument } from '../../../src/registries/npm/npm-packument.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { platformWith } from '../../support/test-platform.ts'

const folder = temporaryFolder('npm-certificates')
const file = (name: string) => join(folder, name)

/** Signed by itself, for this machine. */
function makeCertificate(name: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file(`${name}.key`)]
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...key, ...names, '-out', file(`${name}.pem`)], { stdio: 'ignore' })
}
makeCertificate('server')
makeCertificate('client')

/** A registry with a certificate of an authority of its own, that takes one of its clients by certificate as well. */
async function serve(options: ServerOptions = {}) {
  const subjects: string[] = []
  const tls = { key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')), ...options }
  const server = createServer(tls, (request, response) => {
    subjects.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN))
    response.end(JSON.stringify({ 'dist-tags': { latest: '1.3.0' }, versions: {} }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => (server.close(() => resolve()), server.closeAllConnections())))
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, subjects }
}

async function read(url: string, npmrc: string) {
  const root = temporaryFolder('npm-project')
  writeFileSync(join(root, '.npmrc'), npmrc)
  const client = await createNpmClient(
    { format: 'npm', registry: url, name: 'myapp' },
    {
      platform: platformWith({ HOME: join(root, 'home') }),
      options: {},
      root,
      cacheFolder: root,
      signal: new AbortController().signal,
      timeoutMs: 20_000,
      oneTimePassword: () => Promise.resolve(''),
    },
  )
  return (await readPackument(client, 'myapp'))?.tags
}

test.each([
  ['cafile', () => `cafile=${file('server.pem')}`],
  ['ca', () => `ca=${JSON.stringify(readFileSync(file('server.pem'), 'utf8'))}`],
  ['strict-ssl=false', () => 'strict-ssl=false'],
])('a registry of a private authority is reached by %s', async (_what, npmrc) => {
  const { url } = await serve()

  expect(await read(url, npmrc())).toEqual({ latest: '1.3.0' })
})

test('without them it is refused, and the error says which settings help', async () => {
  const { url } = await serve()

  const report = toErrorReport(await read(url, '').catch((error: unknown) => error))

  expect(report).toMatchObject({ code: 'REGISTRY_UNREACHABLE', details: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
  expect(report.hint).toMatch(/NODE_EXTRA_CA_CERTS.*cafile in \.npmrc/u)
})

test('a certificate of the client is shown to the registry that it is configured for', async () => {
  const { url, subjects } = await serve({ requestCert: true, rejectUnauthorized: false })
  const { host } = new URL(url)
  const login = `//${host}/:certfile=${file('client.pem')}\n//${host}/:keyfile=${file('client.key')}`

  await read(url, `cafile=${file('server.pem')}\n${login}`)
  await read(url, `cafile=${file('server.pem')}`)

  expect([...new Set(subjects)]).toEqual(['client', 'undefined'])
})
