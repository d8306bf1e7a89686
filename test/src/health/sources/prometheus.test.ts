import { afterEach, describe, expect, test } from 'vitest'
import { queryPrometheus } from '../../../../src/health/sources/prometheus.ts'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerRequest,
} from '../../../../src/sandbox/servers/loopback-server.ts'

const NEVER = new AbortController().signal
const servers: LoopbackServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function ask(body: string, status = 200, asked: ServerRequest[] = []) {
  const server = await listenOnLoopback(
    answerWith((request) => {
      asked.push(request)
      return { status, body }
    }),
  )
  servers.push(server)
  const source = {
    type: 'prometheus',
    name: 'prom',
    address: `${server.url}/sub`,
    headers: { authorization: 'Bearer ${env:TOKEN}' },
    timeoutMs: 2000,
  } as const
  const platform = { ...createNodePlatform(), env: { TOKEN: 's3cret' } }
  return queryPrometheus(source, 'sum(rate(e{a="b&c"}[2m]))', platform, NEVER)
}

const success = (resultType: string, result: unknown): string =>
  JSON.stringify({ status: 'success', data: { resultType, result } })
const vector = (...values: readonly string[]): string =>
  success(
    'vector',
    values.map((value) => ({ metric: { version: 'x' }, value: [1_795_428_000.123, value] })),
  )

describe('a query of Prometheus', () => {
  test('is sent to the instant query of its address, with its headers', async () => {
    const asked: ServerRequest[] = []

    await ask(vector('1'), 200, asked)

    expect(asked[0]).toMatchObject({
      method: 'POST',
      path: '/sub/api/v1/query',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Bearer s3cret' },
    })
    expect(new URLSearchParams(asked[0]?.body.toString()).get('query')).toBe('sum(rate(e{a="b&c"}[2m]))')
  })

  test.each([
    [vector('0.0712'), 0.0712, ''],
    [vector('0'), 0, ''],
    [vector('-1.5e-3'), -0.0015, ''],
    [success('scalar', [1, '3']), 3, ''],
    [vector(), null, 'the query gives nothing; where that means none, write (… or vector(0))'],
    [vector('NaN'), null, 'the query gives NaN'],
    [vector('+Inf'), null, 'the query gives Inf'],
    [vector('-Inf'), null, 'the query gives -Inf'],
    [success('scalar', [1, 'NaN']), null, 'the query gives NaN'],
  ])('that answers %s is %s', async (body, value, why) => {
    expect(await ask(body)).toEqual({ value, why, partial: '', note: '' })
  })

  test.each([
    [vector('1', '2'), 200, 'the query gives 2 values'],
    [success('matrix', []), 200, 'the query gives a matrix'],
    [success('string', [1, 'x']), 200, 'the query gives a string'],
    [success('vector', [{ metric: {}, histogram: [1, {}] }]), 200, 'the query gives a histogram'],
    ['{"status":"error","errorType":"bad_data","error":"1:3: parse error"}', 400, 'bad_data: 1:3: parse error'],
    ['{"status":"error","errorType":"timeout","error":"query timed out"}', 503, 'timeout: query timed out'],
    ['<html>502 Bad Gateway</html>', 502, '502, and the answer is none of a metric source'],
    ['{"status":"success"}', 200, '200, and the answer is none of a metric source'],
    ['', 401, '401, and the answer is none of a metric source: it wants a login'],
  ])('that answers %s is refused', async (body, status, message) => {
    await expect(ask(body, status)).rejects.toMatchObject({
      code: 'METRICS_REJECTED',
      message: expect.stringContaining(message),
    })
  })

  test.each([
    ['whole for VictoriaMetrics', { isPartial: false }, '', ''],
    ['without warnings', { warnings: [], infos: null }, '', ''],
    [
      'partial for VictoriaMetrics',
      { isPartial: true },
      'the answer is partial: the source could not read all of its data',
      '',
    ],
    [
      'partial for Thanos',
      { warnings: ['store a: Unavailable', 'store b: Unavailable'] },
      'the answer is not whole: store a: Unavailable; store b: Unavailable',
      '',
    ],
    ['a remark on the query', { infos: ['metric might not be a counter'] }, '', 'metric might not be a counter'],
  ])('whose answer is %s says so beside the value', async (_what, fields, partial, note) => {
    const body = JSON.stringify({ ...JSON.parse(vector('0.5')), ...fields })

    expect(await ask(body)).toEqual({ value: 0.5, why: '', partial, note })
  })

  test('is read where nothing but reads are let through', async () => {
    const asked: ServerRequest[] = []
    const server = await listenOnLoopback(
      answerWith((request) => {
        asked.push(request)
        return request.method === 'GET' ? { status: 200, body: vector('0.5') } : { status: 405, body: 'GET only' }
      }),
    )
    servers.push(server)
    const source = { type: 'prometheus', name: 'prom', address: server.url, headers: {}, timeoutMs: 2000 } as const

    const { value } = await queryPrometheus(source, 'sum(rate(e{a="b&c"}[2m]))', createNodePlatform(), NEVER)

    expect([value, ...asked.map(({ method }) => method)]).toEqual([0.5, 'POST', 'GET'])
    expect(asked[1]?.query.get('query')).toBe('sum(rate(e{a="b&c"}[2m]))')
  })

  test('that is answered from somewhere else says from where', async () => {
    const server = await listenOnLoopback(
      answerWith(() => ({ status: 308, headers: { location: 'https://prom.example.com/' } })),
    )
    servers.push(server)
    const source = { type: 'prometheus', name: 'prom', address: server.url, headers: {}, timeoutMs: 2000 } as const

    await expect(queryPrometheus(source, 'up', createNodePlatform(), NEVER)).rejects.toMatchObject({
      message: expect.stringContaining('308, it is somewhere else: https://prom.example.com/'),
    })
  })

  test('keeps the parameters of its address', async () => {
    const asked: ServerRequest[] = []
    const server = await listenOnLoopback(
      answerWith((request) => {
        asked.push(request)
        return { status: 200, body: vector('1') }
      }),
    )
    servers.push(server)
    const address = `${server.url}/thanos/?partial_response=false&dedup=true`
    const source = { type: 'prometheus', name: 'prom', address, headers: {}, timeoutMs: 2000 } as const

    await queryPrometheus(source, 'up', createNodePlatform(), NEVER)

    expect(asked[0]?.path).toBe('/thanos/api/v1/query')
    expect(asked[0]?.query.toString()).toBe('partial_response=false&dedup=true')
  })

  test('of a server that is gone says so', async () => {
    const source = {
      type: 'prometheus',
      name: 'prom',
      address: 'http://127.0.0.1:1',
      headers: {},
      timeoutMs: 500,
    } as const

    await expect(queryPrometheus(source, 'up', createNodePlatform(), NEVER)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    })
  })
})
