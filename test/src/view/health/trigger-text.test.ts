import { expect, test } from 'vitest'
import { conditionFigures } from '../../../../src/view/health/trigger-text.ts'
import { aCondition } from '../../../support/engine/health-script.ts'

test.each([
  [aCondition({ done: 2, note: '500' }), 'fires at 3, login, 500'],
  [
    aCondition({ kind: 'analysis', done: 1, threshold: '0', check: 'errors', value: '7%', source: 'prom' }),
    '1 failure, limit 0, last 7%, from prom, errors',
  ],
  [
    aCondition({
      kind: 'error_rate_threshold',
      value: '7%',
      threshold: '5%',
      comparison: '>',
      done: 1,
      source: 'prom',
      samples: 9,
      check: '',
    }),
    '7% > 5%, from prom (n=9)',
  ],
  [
    aCondition({
      kind: 'error_rate_threshold',
      value: '3%',
      threshold: '5%',
      comparison: '>',
      done: 0,
      source: 'prom',
      check: '',
    }),
    '3% ≤ 5%, from prom',
  ],
  [
    aCondition({ kind: 'error_rate_threshold', value: '3%', threshold: '5%', comparison: '≥', done: 0, check: '' }),
    '3% < 5%, from probes, not users',
  ],
  [
    aCondition({
      kind: 'response_time_threshold',
      value: '300ms',
      threshold: '400ms',
      result: 'inconclusive',
      samples: 4,
      check: '',
    }),
    '300ms, limit 400ms, from probes (n=4), not users',
  ],
  [aCondition({ kind: 'error_rate_threshold', value: '', source: '', check: '', note: 'no data' }), 'no data'],
])('a condition is told in figures: %o', (condition, expected) => {
  expect(conditionFigures(condition)).toBe(expected)
})
