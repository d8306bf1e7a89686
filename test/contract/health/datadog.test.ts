import { afterEach, describe, expect, test } from 'vitest'
import type { MetricSource } from '../../../src/domain/health/analysis.ts'
import { queryDatadog } from '../../../src/health/sources/datadog.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import {
  answerWith,
  listenOnLoopback,
  type LoopbackServer,
  type ServerRequest,
} from '../../../src/sandbox/servers/loopback-server.ts'
import { errorResponse, QUERY_OPERATION, queryResponse } from './datadog-description.ts'

const NEVER = new AbortController().signal
const NOW = '2026-11-23T10:00:00.000Z'
const servers: LoopbackServer[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const point = (value: number | null, at = 1_795_000_000_000) => [at, value] as const

/** An answer as the description has it, with everything a real one carries. */
const answered = (...pointlists: readonly (readonly (readonly [number, number | null])[])[]) => ({
  status: 'ok',
  res_type: 'time_series',
  resp_version: 1,
  query: 'sum:errors{*}.as_count() / sum:hits{*}.as_count()',
  from_date: 1_795_427_700_000,
  to_date: 1_795_428_000_000,
  series: pointlists.map((pointlist, index) => ({
    unit: null,
    query_index: 0,
    aggr: 'sum',
    metric: 'errors',
    tag_set: [],
    expression: 'sum:errors{*}.as_count() / sum:hits{*}.as_count()',
    scope: index === 0 ? '*' : `version:${index}`,
    interval: 20,
    length: pointlist.length,
    start: 1_795_427_700_000,
    end: 1_795_427_999_000,
    display_name: 'errors',
    pointlist,
  })),
  values: [],
  times: [],
  message: '',
  group_by: [],
})

async function ask(body: object, status = 200) {
  const asked: ServerRequest[] = []
  const server = await listenOnLoopback(
    answerWith((request) => {
      asked.push(request)
      return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    }),
  )
  servers.push(server)
  const source: Extract<MetricSource, { type: 'datadog' }> = {
    type: 'datadog',
    name: 'dd',
    address: server.url,
    apiKey: '${env:DD_API_KEY}',
    appKey: '${env:DD_APP_KEY}',
    timeoutMs: 5000,
  }
  const platform = createNodePlatform()
  const world = {
    ...platform,
    clock: { ...platform.clock, now: () => NOW },
    env: { DD_API_KEY: 'an-api-key', DD_APP_KEY: 'an-app-key' },
  }
  const answer = queryDatadog(source, 'sum:errors{*}.as_count() / sum:hits{*}.as_count()', world, NEVER)
  return {
    answer: answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
    asked,
  }
}

describe('a query of Datadog', () => {
  test('is sent as the published description has it', async () => {
    const { answer, asked } = await ask(answered([point(0.07)]))
    await answer
    const [request] = asked

    expect(request).toMatchObject({ method: QUERY_OPERATION.method, path: QUERY_OPERATION.path })
    const parameters = QUERY_OPERATION.parameters.parse(Object.fromEntries(request?.query ?? []))
    expect(parameters.query).toBe('sum:errors{*}.as_count() / sum:hits{*}.as_count()')
    expect(Number(parameters.to) * 1000).toBe(Date.parse(NOW))
    expect(Number(parameters.to) - Number(parameters.from)).toBe(300)
    expect(QUERY_OPERATION.keys.map((name) => request?.headers[name])).toEqual(['an-api-key', 'an-app-key'])
  })

  test.each([
    ['the newest point', answered([point(0.01), point(0.07)]), { value: 0.07, why: '' }],
    ['the newest point that has a value', answered([point(0.07), point(null), point(null)]), { value: 0.07, why: '' }],
    [
      'a value beside an error',
      { ...answered([point(0.5)]), error: 'some data is late' },
      { value: 0.5, why: '', partial: 'the answer is not whole: some data is late' },
    ],
    ['a zero', answered([point(0)]), { value: 0, why: '' }],
    ['no series', answered(), { value: null, why: 'the query gives nothing' }],
    ['a series without points', answered([]), { value: null, why: 'the query gives nothing' }],
    ['only missing values', answered([point(null)]), { value: null, why: 'the query gives nothing' }],
  ])('takes %s', async (_what, body, expected) => {
    expect(queryResponse.safeParse(body).error).toBeUndefined()

    const { answer } = await ask(body)

    expect(await answer).toEqual({ value: { partial: '', note: '', ...expected } })
  })

  test.each([
    ['several series', answered([point(1)], [point(2)]), 200, 'the query gives 2 series'],
    ['an error in the answer', { status: 'error', error: 'Error parsing query' }, 200, 'Error parsing query'],
    ['a refused request', { errors: ['Forbidden'] }, 403, 'Forbidden'],
    ['too many requests', { errors: ['Rate limit exceeded'] }, 429, 'Rate limit exceeded'],
  ])('refuses %s', async (_what, body, status, message) => {
    expect((status === 200 ? queryResponse : errorResponse).safeParse(body).error).toBeUndefined()

    const { answer } = await ask(body, status)

    expect(await answer).toMatchObject({
      error: { code: 'METRICS_REJECTED', message: expect.stringContaining(message) },
    })
  })
})
