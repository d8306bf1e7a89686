import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { requestCountQuery } from '../../../src/promql/request-count-query.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { COUNTED, COUNTED_NATIVE, SERIES, UNCOUNTED } from './query-shapes.ts'

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

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

  test.skipIf(!hasPromtool)('gives the number that Prometheus itself counts', () => {
    const folder = temporaryFolder('promtool')
    const file = join(folder, 'shapes.json')
    const input = SERIES.map(([series, perMinute]) => ({ series, values: `0+${perMinute}x60` }))
    const tests = COUNTED.flatMap(([query, , requests]) => [
      { expr: `sum(${requestCountQuery(query)})`, eval_time: '30m', exp_samples: [{ labels: '{}', value: requests }] },
      { expr: `count((${query}\n))`, eval_time: '30m', exp_samples: [{ labels: '{}', value: 1 }] },
      { expr: `count(${requestCountQuery(query)})`, eval_time: '30m', exp_samples: [{ labels: '{}', value: 1 }] },
    ])
    writeFileSync(
      file,
      JSON.stringify({
        evaluation_interval: '1m',
        tests: [{ interval: '1m', input_series: input, promql_expr_test: tests }],
      }),
    )

    expect(execFileSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })).toContain('SUCCESS')
  })
})
