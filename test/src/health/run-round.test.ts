import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { HttpCheck } from '../../../src/domain/health/health-check.ts'
import type { HealthSample } from '../../../src/domain/health/health-sample.ts'
import type { Probe } from '../../../src/health/probe.ts'
import { runRound } from '../../../src/health/run-round.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerAnswer,
  type ServerRequest,
} from '../../../src/sandbox/servers/loopback-server.ts'
import { aCommandCheck, aProbe, aTcpCheck, anHttpCheck } from '../../support/builders/a-probe.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { until } from '../../support/clocks/until.ts'

const NEVER = new AbortController().signal
const servers: LoopbackServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function aServer(answer: (request: ServerRequest) => ServerAnswer, latencyMs = 0): Promise<LoopbackServer> {
  const server = await listenOnLoopback(answerWith(answer, latencyMs))
  servers.push(server)
  return server
}

function round(check: Probe['check'], env: Readonly<Record<string, string>> = {}): Promise<HealthSample> {
  const platform = { ...createNodePlatform(), env }
  return runRound(aProbe(check), { platform, root: temporaryFolder('round') }, 0, NEVER)
}

describe('an HTTP check', () => {
  const expecting = (expect: Partial<HttpCheck['expect']>): Partial<HttpCheck> => ({
    expect: { statuses: [], maxLatencyMs: null, json: [], headers: [], ...expect },
  })

  test.each([
    [200, {}, 'passing', '200'],
    [204, {}, 'passing', '204'],
    [301, {}, 'failing', '301'],
    [404, {}, 'failing', '404'],
    [503, {}, 'failing', '503'],
    [404, expecting({ statuses: [404] }), 'passing', '404'],
    [200, expecting({ statuses: [204, 404] }), 'failing', '200, not 204 or 404'],
  ])('of an answer %i is as its statuses say', async (status, parts, verdict, detail) => {
    const { url } = await aServer(() => ({ status, headers: { location: '/elsewhere' } }))

    const sample = await round(anHttpCheck(`${url}/health`, parts))

    expect(sample).toMatchObject({ verdict, detail, attempts: 1 })
  })

  test.each([
    [[['$.status', 'ok']], 'passing', '200'],
    [[['$.checks[0].up', true]], 'passing', '200'],
    [[['$.status', 'OK']], 'failing', '$.status is "ok", not "OK"'],
    [[['$.missing', 1]], 'failing', '$.missing is missing'],
  ] as const)('of a body with %j is as its JSON says', async (json, verdict, detail) => {
    const { url } = await aServer(() => ({ status: 200, body: '{"status":"ok","checks":[{"up":true}]}' }))

    expect(await round(anHttpCheck(url, expecting({ json })))).toMatchObject({ verdict, detail })
  })

  test('of a body that is none is failing', async () => {
    const { url } = await aServer(() => ({ status: 200, body: '<html>' }))

    const sample = await round(anHttpCheck(url, expecting({ json: [['$.a', 1]] })))

    expect(sample).toMatchObject({ verdict: 'failing', detail: 'the body is no JSON' })
  })

  test.each([
    ['1.3.0', 'passing', '200'],
    ['1.2.0', 'failing', 'header x-app-version is "1.3.0", not "1.2.0"'],
  ])('looks at headers: %s', async (version, verdict, detail) => {
    const { url } = await aServer(() => ({ status: 200, headers: { 'X-App-Version': '1.3.0' } }))

    const sample = await round(anHttpCheck(url, expecting({ headers: [['x-app-version', version]] })))

    expect(sample).toMatchObject({ verdict, detail })
  })

  test('of an answer that takes too long for it is failing, with how long it took', async () => {
    const { url } = await aServer(() => ({ status: 200 }), 60)

    const sample = await round(anHttpCheck(url, expecting({ maxLatencyMs: 20 })))

    expect(sample.verdict).toBe('failing')
    expect(sample.detail).toMatch(/^\d+ms, at most 20ms$/u)
  })

  test('of no answer within its time is failing', async () => {
    const { url } = await aServer(() => ({ status: 200 }), 5000)

    const sample = await round(anHttpCheck(url, { timeoutMs: 50 }))

    expect(sample).toMatchObject({ verdict: 'failing', detail: 'no answer within 50ms' })
  })

  test('of nobody who listens is failing', async () => {
    const server = await aServer(() => ({ status: 200 }))
    await server.close()

    const sample = await round(anHttpCheck(server.url))

    expect(sample).toMatchObject({ verdict: 'failing', detail: 'connection refused (ECONNREFUSED)' })
  })

  test.each([
    ['http://no-such-host.invalid/', /\((?:ENOTFOUND|EAI_AGAIN)\)$/u],
    ['http://169.254.169.254/', /^this address is never asked/u],
  ])('of %s is unknown: the application was not asked', async (url, detail) => {
    const sample = await round(anHttpCheck(url))

    expect(sample.verdict).toBe('unknown')
    expect(sample.detail).toMatch(detail)
  })

  test('with a secret that is not there is unknown, and names its place', async () => {
    const { url } = await aServer(() => ({ status: 200 }))

    const sample = await round(anHttpCheck(url, { headers: { authorization: 'Bearer ${env:TOKEN}' } }))

    expect(sample).toMatchObject({ verdict: 'unknown', detail: 'The environment variable TOKEN is not set' })
  })

  test('sends its secrets and repeats none of them', async () => {
    const seen: ServerRequest[] = []
    const { url } = await aServer((request) => {
      seen.push(request)
      return { status: 500, body: 'broken' }
    })
    const check = anHttpCheck(`${url}/health?key=\${env:KEY}`, {
      method: 'POST',
      headers: { authorization: 'Bearer ${env:TOKEN}' },
      body: '{"ask":"${env:KEY}"}',
    })

    const sample = await round(check, { TOKEN: 's3cret', KEY: 'k3y' })

    expect(seen[0]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer s3cret' } })
    expect([seen[0]?.query.get('key'), seen[0]?.body.toString()]).toEqual(['k3y', '{"ask":"k3y"}'])
    expect(JSON.stringify(sample)).not.toMatch(/s3cret|k3y/u)
    expect(sample.evidence).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/health\n500 in \d+ ms(?: \([^)]+\))?\nbroken$/u)
  })

  test('keeps the beginning of a long body as evidence', async () => {
    const { url } = await aServer(() => ({ status: 500, body: 'ä'.repeat(100_000) }))

    expect((await round(anHttpCheck(url))).evidence).toMatch(/ä{1000}$/u)
  })

  test.each([
    ['keeps its connection when it is told to', false],
    ['opens a new one for every try', true],
  ])('%s', async (_title, isFreshConnection) => {
    const connections = new Set<unknown>()
    const server = await listenOnLoopback((request, response) => {
      connections.add(request.socket)
      response.end()
    })
    servers.push(server)
    const context = { platform: createNodePlatform(), root: '/' }
    const probe = aProbe(anHttpCheck(server.url, { isFreshConnection }))

    for (let turn = 0; turn < 3; turn += 1) await runRound(probe, context, 0, NEVER)

    expect(connections.size === 3).toBe(isFreshConnection)
  })

  test('sends a login of its address as Basic credentials, and shows it nowhere', async () => {
    const seen: string[] = []
    const { url } = await aServer(({ headers }) => {
      seen.push(headers['authorization'] ?? '')
      return { status: 500 }
    })

    const sample = await round(anHttpCheck(url.replace('//', '//ann:${env:PASSWORD}@')), { PASSWORD: 'p%40ss' })

    expect(seen).toEqual([`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
    expect(JSON.stringify(sample)).not.toMatch(/ann|p@ss|p%40ss/u)
  })

  test('passes on an answer whose coding it does not know, and says nothing of its bytes', async () => {
    const headers = { 'content-encoding': 'rot13' }
    const { url } = await aServer(() => ({ status: 200, headers, body: Buffer.from([0xff, 0xfe]) }))

    const sample = await round(anHttpCheck(url))

    expect(sample).toMatchObject({ verdict: 'passing' })
    expect(sample.evidence).toContain('(2 bytes, rot13)')
  })

  test('is unknown, and says what to name, when the certificate file it names is missing', async () => {
    const { url } = await aServer(() => ({ status: 200 }))

    const sample = await round(anHttpCheck(url, { tls: { caFile: 'no/ca.pem', certFile: '', keyFile: '' } }))

    expect(sample).toMatchObject({ verdict: 'unknown', detail: 'There is no file no/ca.pem' })
  })
})

describe('a round', () => {
  test('tries again until one passes', async () => {
    let count = 0
    const { url } = await aServer(() => ({ status: (count += 1) < 3 ? 500 : 200 }))

    expect(await round(anHttpCheck(url, { retries: 5 }))).toMatchObject({ verdict: 'passing', attempts: 3 })
    expect(count).toBe(3)
  })

  test('fails when its tries are used up', async () => {
    let count = 0
    const { url } = await aServer(() => ({ status: 500 + (count += 1) }))

    const sample = await round(anHttpCheck(url, { retries: 2 }))

    expect(sample).toMatchObject({ verdict: 'failing', attempts: 3, detail: '503' })
  })

  test('of a copy nobody knows is unknown, and nothing is asked', async () => {
    const probe = aProbe(anHttpCheck('http://127.0.0.1:1/', { retries: 3 }), { problem: '${slot} is not known here' })

    const sample = await runRound(probe, { platform: createNodePlatform(), root: '/' }, 7, NEVER)

    expect(sample).toMatchObject({ verdict: 'unknown', detail: '${slot} is not known here', attempts: 1, lateMs: 7 })
  })

  test('ends with its signal', async () => {
    const { url } = await aServer(() => ({ status: 200 }), 5000)
    const controller = new AbortController()
    const context = { platform: createNodePlatform(), root: '/' }

    const running = runRound(aProbe(anHttpCheck(url)), context, 0, controller.signal)
    controller.abort(new Error('over'))

    await expect(running).rejects.toThrow('over')
  })
})

describe('a command check', () => {
  test.each([
    [['true'], 'passing', 'exit 0'],
    [['false'], 'failing', 'exit 1'],
    [['sh', '-c', 'exit 7'], 'failing', 'exit 7'],
    [['no-such-program-at-all'], 'unknown', 'the program was not found (ENOENT)'],
    [['sh', '-c', 'no-such-program-at-all'], 'unknown', 'exit 127: what it names was not found'],
    [['env', 'no-such-program-at-all'], 'unknown', 'exit 127: what it names was not found'],
    [['bash', '-c', 'exec /etc/passwd'], 'unknown', 'exit 126: what it names cannot be run'],
  ])('of %j is %s', async (words, verdict, detail) => {
    expect(await round(aCommandCheck(words))).toMatchObject({ verdict, detail })
  })

  test('runs in the environment of the user, with its own changes', async () => {
    process.env['BAGBOY_TEST_SEEN'] = 'seen'
    process.env['BAGBOY_TEST_TAKEN'] = 'taken'
    const script = 'echo "$BAGBOY_TEST_SEEN|${BAGBOY_TEST_TAKEN-gone}|$ADDED|$1"; exit 1'
    const env = { ADDED: '${env:VALUE}', BAGBOY_TEST_TAKEN: null }

    const sample = await round(aCommandCheck(['sh', '-c', script, 'sh', '${env:VALUE}'], { env }), { VALUE: 'a b' })

    delete process.env['BAGBOY_TEST_SEEN']
    delete process.env['BAGBOY_TEST_TAKEN']
    expect(sample.evidence).toMatch(/\nseen\|gone\|a b\|a b$/u)
  })

  test('that names a variable which is not set is unknown', async () => {
    const sample = await round(aCommandCheck(['true', '${env:NO_SUCH_VARIABLE}']))

    expect(sample).toMatchObject({ verdict: 'unknown', detail: 'The environment variable NO_SUCH_VARIABLE is not set' })
  })

  test('is given its words as they are, in the folder of the project', async () => {
    const sample = await round(
      aCommandCheck(['sh', '-c', 'printf "%s|" "$@"; pwd; echo oops >&2; exit 3', 'sh', 'a b', '$HOME']),
    )

    expect(sample.evidence).toMatch(/\nexit 3 in \d+ ms\na b\|\$HOME\|\/.*round.*\noops$/u)
  })

  test('that forks and ignores SIGTERM is gone with its children after its time', async () => {
    const folder = temporaryFolder('hostile')
    const script = join(folder, 'hostile.sh')
    // One child in the group, one that left it, both deaf to SIGTERM, both holding the output open.
    writeFileSync(
      script,
      [
        "trap '' TERM",
        `sh -c 'trap "" TERM; echo $$ > ${folder}/group; while :; do sleep 0.05; done' &`,
        `setsid sh -c 'trap "" TERM; echo $$ > ${folder}/session; while :; do sleep 0.05; done' &`,
        `echo $$ > ${folder}/self`,
        'while :; do sleep 0.05; done',
      ].join('\n'),
    )
    const names = ['self', 'group', 'session']
    const timeoutMs = 700

    const sample = await round(aCommandCheck(['sh', script], { timeoutMs }))

    const pids = names.map((name) => Number(readFileSync(join(folder, name), 'utf8')))
    await until('the end of all of them', () => !pids.some(isAlive))
    expect(sample).toMatchObject({ verdict: 'failing', detail: 'no answer within 700ms' })
    expect(pids.every((pid) => pid > 1)).toBe(true)
  })

  test('that prints without end is ended and failing', async () => {
    const sample = await round(aCommandCheck(['sh', '-c', 'while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done']))

    expect(sample.verdict).toBe('failing')
    expect(sample.detail).toContain('printed more than')
  })
})

/** A process that has ended but was not yet waited for is a line in a table, and runs nothing. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return !/^[ZX]$/u.test(stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3))
}

describe('a TCP check', () => {
  test('passes when something listens and fails when nothing does', async () => {
    const server = await aServer(() => ({ status: 200 }))

    const up = await round(aTcpCheck('127.0.0.1', server.port))
    await server.close()
    const down = await round(aTcpCheck('127.0.0.1', server.port))

    expect(up).toMatchObject({ verdict: 'passing', detail: 'connected' })
    expect(down).toMatchObject({ verdict: 'failing', detail: 'connection refused (ECONNREFUSED)' })
  })

  test('is unknown when its name is not found', async () => {
    expect((await round(aTcpCheck('no-such-host.invalid', 80))).verdict).toBe('unknown')
  })
})
