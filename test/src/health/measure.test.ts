import { onTestFinished, describe, expect, test } from 'vitest'
import type { AnalysisCheck, Measurement } from '../../../src/domain/health/analysis.ts'
import { measure } from '../../../src/health/measure.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { answerWith, listenOnLoopback } from '../../../src/sandbox/servers/loopback-server.ts'
import { anAnalysisCheck } from '../../support/builders/health-facts.ts'

const VALUE = 'sum(rate(e[10s])) / sum(rate(r[10s]))'
const COUNT = 'sum(increase(r[10s]))'

const vector = (...values: readonly string[]) => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
})

/** What is measured where a Prometheus answers these queries so, and refuses every other. */
async function measured(
  answers: Readonly<Record<string, object>>,
  parts: Partial<AnalysisCheck>,
): Promise<Measurement> {
  const server = await listenOnLoopback(
    answerWith(({ body }) => {
      const query = new URLSearchParams(body.toString()).get('query') ?? ''
      const refusal = { status: 'error', errorType: 'bad_data', error: `unknown query ${query}` }
      return { status: 200, body: JSON.stringify(answers[query] ?? refusal) }
    }),
  )
  onTestFinished(() => server.close())
  const context = {
    platform: createNodePlatform(),
    sources: [{ type: 'prometheus', name: 'prom', address: server.url, headers: {}, timeoutMs: 5000 }],
    values: {},
    probes: () => [],
    // Far from the range of the query: nothing is counted over it.
    windowFor: () => 300_000,
  } as const
  return measure(anAnalysisCheck({ query: VALUE, samplesQuery: '', ...parts }), context, new AbortController().signal)
}

describe('a measurement', () => {
  test('counts the requests in the range of its own query', async () => {
    const answers = { [VALUE]: vector('0.2'), [COUNT]: vector('4.998') }

    expect(await measured(answers, {})).toMatchObject({ value: 0.2, samples: 5, error: '' })
  })

  test('takes samples_query where there is one', async () => {
    const answers = { [VALUE]: vector('0.2'), requests: vector('7') }

    expect(await measured(answers, { samplesQuery: 'requests' })).toMatchObject({ value: 0.2, samples: 7 })
  })

  test('has a value also when the count that is made of its query is refused', async () => {
    expect(await measured({ [VALUE]: vector('0.2') }, {})).toMatchObject({ value: 0.2, samples: null, error: '' })
    expect(await measured({ [VALUE]: vector('0.2'), [COUNT]: vector('1', '2') }, {})).toMatchObject({
      value: 0.2,
      samples: null,
      error: '',
    })
  })

  test('is an error when the samples_query of the file is refused', async () => {
    const found = await measured({ [VALUE]: vector('0.2') }, { samplesQuery: 'requests' })

    expect(found).toMatchObject({ value: null, error: expect.stringContaining('unknown query requests') })
  })

  test('counts nothing where that is not exact', async () => {
    const found = await measured({ 'avg(x)': vector('0.2') }, { query: 'avg(x)' })

    expect(found).toMatchObject({ value: 0.2, samples: null, error: '' })
  })

  test.each([
    ['value', { [VALUE]: { ...vector('0.2'), isPartial: true }, [COUNT]: vector('9') }],
    ['count', { [VALUE]: vector('0.2'), [COUNT]: { ...vector('9'), warnings: ['a store is away'] } }],
  ])('whose %s is partial says so', async (_part, answers) => {
    expect(await measured(answers, {})).toMatchObject({
      value: 0.2,
      partial: expect.stringMatching(/partial|not whole/u),
    })
  })

  test('carries what its source remarks', async () => {
    const answers = { [VALUE]: { ...vector('0.2'), infos: ['no counter'] }, [COUNT]: vector('9') }

    expect(await measured(answers, {})).toMatchObject({ value: 0.2, note: 'no counter' })
  })
})
