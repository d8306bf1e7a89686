import { expect, test } from 'vitest'
import { decideTrigger } from '../../../../src/health/decide/decide-trigger.ts'
import type { Condition } from '../../../../src/domain/health/trigger.ts'
import {
  aMeasurement,
  anAnalysisCheck,
  errorRate,
  facts,
  failures,
  rounds,
} from '../../../support/builders/health-facts.ts'
import type { TriggerFacts } from '../../../../src/health/decide/trigger-facts.ts'

const stateOf = (condition: Condition, parts: Partial<TriggerFacts>) =>
  decideTrigger([{ number: 1, conditions: [condition] }], facts(parts)).rules[0]?.conditions[0]

const measured = (samples: number | null) => ({
  analysis: { windowMs: 600_000, intervalMs: 30_000, initialDelayMs: 0, checks: [anAnalysisCheck()] },
  measurements: { errors: [aMeasurement({ value: 0.2, samples })] },
})

test.each([
  [0, null, 'met', ''],
  [0, 0, 'met', ''],
  [1, null, 'inconclusive', 'an unknown number of 1 samples'],
  [1, 0, 'inconclusive', '0 of 1 samples'],
  [1, 1, 'met', ''],
  [2, 1, 'inconclusive', '1 of 2 samples'],
] as const)('with min_samples: %i a rate over %s samples is %s', (minSamples, samples, result, note) => {
  const condition = errorRate(0.05, { minSamples, source: 'prom', check: 'errors' })

  expect(stateOf(condition, measured(samples))).toMatchObject({ result, note })
})

test.each([
  [0, 'FFF', 'met', null],
  [1, 'FFF', 'met', 3],
  [1, 'UUU', 'inconclusive', 0],
  [3, 'FFF', 'met', 3],
  [4, 'FFF', 'inconclusive', 3],
  [4, 'PFFF', 'met', 4],
] as const)('with min_samples: %i the rounds %s are %s', (minSamples, letters, result, samples) => {
  expect(stateOf(failures(3, { minSamples }), { probes: [rounds(letters)] })).toMatchObject({ result, samples })
})
