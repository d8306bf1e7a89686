import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestCountQuery } from '../../../src/promql/request-count-query.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { COUNTED, COUNTED_NATIVE, SERIES, UNCOUNTED } from './query-shapes.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

/** What `promtool` says against these values of queries, half an hour after the counters began; empty when they are right. */
function evaluate(
  series: readonly (readonly [series: string, perMinute: number])[],
  values: readonly (readonly [query: string, value: number])[],
): string {
  const file = join(temporaryFolder('promtool'), 'values.json')
  const test = {
    interval: '1m',
    input_series: series.map(([name, perMinute]) => ({ series: name, values: `0+${perMinute}x60` })),
    promql_expr_test: values.map(([expr, value]) => ({
      expr,
      eval_time: '30m',
      exp_samples: [{ labels: '{}', value }],
    })),
  }
  writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test] }))
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
  return status === 0 ? '' : `${stdout}${stderr}`
}

/** Of a file for people. */
function queriesOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^ +query: '(.*)'$/gmu)].map(([, query = '']) => query)
}

describe('the query that counts the requests of a value', () => {
  test.each([...COUNTED.map(([query, count]) => [query, count] as const), ...COUNTED_NATIVE])(
    'is made for %s',
    (query, count) => {
      expect(requestCountQuery(query)).toBe(count)
    },
  )

  test.each(UNCOUNTED)('is not made for %s: %s', (query) => {
    expect(requestCountQuery(query)).toBeUndefined()
  })

  test.skipIf(!hasPromtool)('and the value itself are there for the examples, on a service without any error', () => {
    const examples = [...queriesOf('docs/health.md'), ...queriesOf('src/config/example.yaml')]
    const series = [
      ['http_requests_total{code="200"}', 60],
      ['requests_total{color="blue"}', 60],
    ] as const
    const counts = examples.map((query) => requestCountQuery(query) ?? query)

    expect(examples.length).toBeGreaterThan(1)
    expect(
      evaluate(series, [...examples.map((query) => [query, 0] as const), ...counts.map((one) => [one, 120] as const)]),
    ).toBe('')
  })

  test.skipIf(!hasPromtool)('gives the number that Prometheus itself counts', () => {
    const single = COUNTED.flatMap(([query]) => [`count((${query}\n))`, `count(${requestCountQuery(query)})`])
    const sums = COUNTED.map(([query, , requests]) => [`sum(${requestCountQuery(query)})`, requests] as const)

    expect(evaluate(SERIES, [...sums, ...single.map((query) => [query, 1] as const)])).toBe('')
  })
})
