import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { maskedPorts } from '../../src/cli/masked-ports.ts'
import type { CliPorts } from '../../src/cli/ports.ts'
import type { HttpCheck } from '../../src/domain/health/health-check.ts'
import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import { probeCommand } from '../../src/health/probe-command.ts'
import { probeHttp } from '../../src/health/probe-http.ts'
import { measure } from '../../src/health/measure.ts'
import { createNpmClient } from '../../src/registries/npm/npm-client.ts'
import { createOciClient } from '../../src/registries/oci/oci-client.ts'
import { readTag } from '../../src/registries/oci/oci-manifest.ts'
import { answerWith, listenOnLoopback, type ServerRequest } from '../../src/sandbox/servers/loopback-server.ts'
import { aCommandCheck, anHttpCheck } from '../support/builders/a-probe.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { platformWith } from '../support/test-platform.ts'

const SECRET = 'CANARY/secret+1 "quoted" & more'
const TOKEN = 'npm_CANARY0123456789'
const signal = new AbortController().signal

/** Error pages repeat what they were sent, in every form; and so do debug headers. */
async function startEcho(status = 500) {
  const echo = ({ headers, query, body }: ServerRequest): string => {
    const { authorization, ...others } = headers
    const texts = [authorization, ...Object.values(others).toReversed(), ...query.values(), body.toString()]
    const decoded = texts.map((text) => Buffer.from((text ?? '').replace(/^Basic /u, ''), 'base64').toString())
    return JSON.stringify({
      texts,
      decoded,
      again: JSON.stringify(texts),
      address: texts.map((text) => encodeURIComponent(text ?? '')),
    })
  }
  const server = await listenOnLoopback(
    answerWith((request) => ({
      status: request.headers['authorization'] === undefined && request.path.startsWith('/v2/') ? 401 : status,
      headers: {
        'content-type': 'application/json',
        'www-authenticate': 'Basic realm="r"',
        'x-debug': JSON.stringify(request.headers),
      },
      body: echo(request),
    })),
  )
  onTestFinished(() => server.close())
  return server
}

function expectNoSecret(value: unknown): void {
  const text = JSON.stringify(value)
  expect(text).toContain('***')
  expect(text).not.toMatch(/CANARY/u)
  expect(text).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, 12))
}

test.each([
  ['a header', { headers: { authorization: 'Bearer ${env:SECRET}' } }],
  ['a header that JSON expects', { headers: { x: '${env:SECRET}' }, expect: { json: [['$.texts[0]', 'x']] } }],
  ['a header that a header expects', { headers: { x: '${env:SECRET}' }, expect: { headers: [['x-debug', 'none']] } }],
  ['a body', { method: 'POST', body: '{"key":"${env:SECRET}"}' }],
] as const)('a check whose secret is in %s shows an echo of it without the secret', async (_what, parts) => {
  const { url } = await startEcho(200)
  const { expect: expected = {}, ...rest } = parts as Partial<HttpCheck>
  const check = anHttpCheck(`${url}/`, {
    ...rest,
    expect: { ...anHttpCheck(url).expect, statuses: [204], ...expected },
  })
  const asked = { ...check, expect: { ...check.expect, statuses: 'expect' in parts ? [] : [204] } }

  const answer = await probeHttp(asked, { platform: platformWith({ SECRET }), root: '/', pool: 'p' }, signal)

  expect(answer.verdict).toBe('failing')
  expectNoSecret(answer)
})

test('a login and a token in the address of a check are not shown when they are repeated', async () => {
  const { host } = await startEcho()
  const check = anHttpCheck(`http://me:CANARYpass@${host}/?token=\${env:TOKEN}`)

  expectNoSecret(await probeHttp(check, { platform: platformWith({ TOKEN }), root: '/', pool: 'p' }, signal))
})

test('a secret of a file is not shown when the command that got it prints it', async () => {
  const file = join(temporaryFolder('echo'), 'secret')
  writeFileSync(file, `${SECRET}\n`)
  const check = aCommandCheck(['sh', '-c', 'echo "$KEY"; echo "$KEY" >&2; exit 1'], {
    env: { KEY: `\${file:${file}}` },
  })

  expectNoSecret(await probeCommand(check, platformWith({}), '/', signal))
})

test('a secret is not shown in halves where the evidence is cut', async () => {
  const { url } = await startEcho()
  for (let length = 900; length < 1010; length += 7) {
    const check = anHttpCheck(`${url}/`, { headers: { a: 'x'.repeat(length), b: '${env:TOKEN}' } })
    const { evidence } = await probeHttp(check, { platform: platformWith({ TOKEN }), root: '/', pool: 'p' }, signal)

    expect(evidence).not.toMatch(/npm_|CANARY/u)
  }
})

test('a metric source that repeats its key is quoted without it', async () => {
  const server = await listenOnLoopback(
    answerWith(({ headers }) => ({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'error', errorType: 'bad_data', error: `key ${headers['x-key']}` }),
    })),
  )
  onTestFinished(() => server.close())
  const source = {
    type: 'prometheus',
    name: 'p',
    address: server.url,
    headers: { 'x-key': '${env:TOKEN}' },
    timeoutMs: 5000,
  } as const
  const check = { name: 'c', source: 'p', query: 'up', samplesQuery: '', baselineQuery: '', quantile: null }

  const found = await measure(
    check as unknown as Parameters<typeof measure>[0],
    {
      platform: platformWith({ TOKEN }),
      sources: [source],
      values: {},
      probes: () => [],
      windowFor: () => 60_000,
    },
    signal,
  )

  expectNoSecret(found)
})

test('registries that repeat a login are quoted without it', async () => {
  const { host, url } = await startEcho(403)
  const platform = platformWith({ LOGIN: `me:${SECRET}`, TOKEN, DOCKER_CONFIG: '/nowhere', HOME: '/nowhere' })
  const oci = createOciClient({
    platform,
    signal,
    timeoutMs: 5000,
    registry: `${host}/a/b`,
    insecure: true,
    credentials: '${env:LOGIN}',
  })
  const npm = await createNpmClient(
    { format: 'npm', registry: url, name: 'a' },
    {
      platform,
      signal,
      timeoutMs: 5000,
      root: '/',
      cacheFolder: '/',
      options: { token: '${env:TOKEN}' },
      oneTimePassword: () => Promise.resolve(''),
    },
  )

  const reports = await Promise.all(
    [readTag(oci, 'latest'), npm.write({ method: 'PUT', path: '/a', body: '{}', doing: 'writing' })].map((work) =>
      work.catch((error: unknown) => toErrorReport(error)),
    ),
  )

  for (const report of reports) expectNoSecret(report)
})

test('what the command line prints holds no secret that was resolved, whoever put it there', async () => {
  const platform = platformWith({})
  platform.secrets.add(TOKEN)
  const printed: string[] = []
  const stream = { write: (text: string) => void printed.push(text), isTerminal: false, columns: 80 }
  const ports = maskedPorts({
    stdout: stream,
    stderr: stream,
    loadPlatform: () => Promise.resolve(platform),
  } as unknown as CliPorts)

  await ports.loadPlatform()
  ports.stdout.write(`{"a":"${TOKEN}"}`)
  ports.stderr.write(`Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`)

  expect(printed[0]).toBe('{"a":"***"}')
  expect(printed[1]).toMatch(/^Basic \S{0,6}\*\*\*\S{0,2}$/u)
})
