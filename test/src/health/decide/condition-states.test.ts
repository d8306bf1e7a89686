import { expect, test } from 'vitest'
import { failuresState } from '../../../../src/health/decide/failures-state.ts'
import { rateState } from '../../../../src/health/decide/rate-state.ts'
import { errorRate, facts, failures, manyRounds, rounds } from '../../../support/builders/health-facts.ts'

const probe = (name: string, letters: string) => rounds(letters, { probe: name, check: name })

test.each([
  ['the worst of several checks, wherever it stands', [probe('a', 'F'), probe('b', 'FFF')], 'b', '3'],
  ['the first of two that are as bad', [probe('a', 'FF'), probe('b', 'FF')], 'a', '2'],
  ['no check while none fails', [probe('a', 'PP'), probe('b', 'FP')], '', '0'],
])('a trigger over all checks names %s', (_title, probes, check, value) => {
  expect(failuresState(failures(3), facts({ probes }))).toMatchObject({ check, value })
})

test.each([
  ['one sample is enough', 1, 'met'],
  ['none is too few', 0, 'inconclusive'],
])('with min_samples 1 %s', (_title, count, result) => {
  const probes = [manyRounds(count, count)]

  expect(rateState(errorRate(0.05, { minSamples: 1 }), facts({ probes, evaluationsMs: [0] }))).toMatchObject({ result })
})
