import { describe, expect, test } from 'vitest'
import type { Measurement } from '../../../../src/domain/health/analysis.ts'
import type { Condition, ConditionResult } from '../../../../src/domain/health/trigger.ts'
import { decideTrigger } from '../../../../src/health/decide/decide-trigger.ts'
import type { TriggerFacts } from '../../../../src/health/decide/trigger-facts.ts'
import {
  aMeasurement,
  analysisOf,
  anAnalysisCheck,
  errorRate,
  facts,
  failures,
  manyRounds,
  measurements,
  responseTime,
  rounds,
} from '../../../support/builders/health-facts.ts'

type Row = readonly [what: string, conditions: readonly Condition[], facts: Partial<TriggerFacts>, ConditionResult]

/** One rule with these conditions. */
function decide(conditions: readonly Condition[], given: Partial<TriggerFacts>) {
  return decideTrigger([{ number: 1, conditions }], facts(given))
}

const check = (row: Row): void => {
  const [, conditions, given, expected] = row
  const decision = decide(conditions, given)

  expect(decision.result).toBe(expected)
  expect(decision.fired === null).toBe(expected !== 'met')
}

const login = (letters: string) => ({ probes: [rounds(letters)] })

const FAILURES: readonly Row[] = [
  ['the third failing round in a row is enough (≥)', [failures(3)], login('FFF'), 'met'],
  ['the second is not', [failures(3)], login('FF'), 'not-met'],
  ['the fourth still is', [failures(3)], login('FFFF'), 'met'],
  ['a pass in between begins anew', [failures(3)], login('FFPFF'), 'not-met'],
  ['a pass at the end takes it back', [failures(3)], login('FFFP'), 'not-met'],
  ['what passed before does not matter', [failures(3)], login('PPPPFFF'), 'met'],
  ['one is enough when one is asked for', [failures(1)], login('F'), 'met'],
  ['one pass is none', [failures(1)], login('P'), 'not-met'],
  ['no round says nothing', [failures(1)], login(''), 'inconclusive'],
  ['no check says nothing', [failures(1)], {}, 'inconclusive'],
  ['rounds without an answer say nothing', [failures(3)], login('UUUU'), 'inconclusive'],
  ['a round without an answer does not count', [failures(3)], login('FFU'), 'not-met'],
  ['and does not end a row either', [failures(3)], login('FUFUF'), 'met'],
  ['nor does it hide a pass', [failures(2)], login('FUPUF'), 'not-met'],
  ['a warning decides nothing', [failures(1)], { probes: [rounds('FFF', { severity: 'warning' })] }, 'inconclusive'],
  [
    'a warning beside a good check changes nothing',
    [failures(1)],
    { probes: [rounds('FFF', { probe: 'pg', severity: 'warning' }), rounds('P')] },
    'not-met',
  ],
  [
    'any critical check is enough',
    [failures(3)],
    { probes: [rounds('PPP', { probe: 'a' }), rounds('FFF', { probe: 'b' })] },
    'met',
  ],
  [
    'rows of different checks are not added up',
    [failures(3)],
    { probes: [rounds('FF', { probe: 'a' }), rounds('FF', { probe: 'b' })] },
    'not-met',
  ],
  [
    'a named check is the only one that counts',
    [failures(3, { check: 'a' })],
    { probes: [rounds('PPP', { probe: 'a' }), rounds('FFF', { probe: 'b' })] },
    'not-met',
  ],
  [
    'a named warning counts because it is named',
    [failures(3, { check: 'pg' })],
    { probes: [rounds('FFF', { probe: 'pg', severity: 'warning' })] },
    'met',
  ],
  [
    'both copies of a named check count',
    [failures(2, { check: 'a' })],
    { probes: [rounds('PP', { probe: 'a', check: 'a' }), rounds('FF', { probe: 'a@green', check: 'a' })] },
    'met',
  ],
  ['what is older than the window does not count', [failures(3, { windowMs: 20_000 })], login('FFF'), 'not-met'],
  ['what is just within it does', [failures(3, { windowMs: 20_001 })], login('FFF'), 'met'],
  ['for 2 asks for one round more', [failures(3, { forCount: 2 })], login('FFF'), 'not-met'],
  ['and has it then', [failures(3, { forCount: 2 })], login('FFFF'), 'met'],
  ['fewer rounds than min_samples say nothing', [failures(3, { minSamples: 10 })], login('FFFF'), 'inconclusive'],
  ['as many as min_samples say it', [failures(3, { minSamples: 4 })], login('FFFF'), 'met'],
  ['rounds without an answer are no samples', [failures(1, { minSamples: 3 })], login('UUF'), 'inconclusive'],
]

const now = { evaluationsMs: [0] }
const twice = { evaluationsMs: [-30_000, 0] }
const share = (failed: number, total: number): Partial<TriggerFacts> => ({
  ...now,
  probes: [manyRounds(failed, total)],
})

const ERROR_RATE: readonly Row[] = [
  ['6 of 100 is over 5 % (>)', [errorRate(0.05)], share(6, 100), 'met'],
  ['5 of 100 is not', [errorRate(0.05)], share(5, 100), 'not-met'],
  ['nothing failed', [errorRate(0.05)], share(0, 100), 'not-met'],
  ['everything failed', [errorRate(0.05)], share(100, 100), 'met'],
  ['over 0 % is one failure', [errorRate(0)], share(1, 100), 'met'],
  ['and none is not over 0 %', [errorRate(0)], share(0, 100), 'not-met'],
  ['never over 100 %', [errorRate(1)], share(100, 100), 'not-met'],
  ['19 samples are too few', [errorRate(0.05)], share(19, 19), 'inconclusive'],
  ['20 are enough', [errorRate(0.05)], share(20, 20), 'met'],
  ['none are asked for', [errorRate(0.05, { minSamples: 0 })], share(1, 1), 'met'],
  ['without a round nothing is said', [errorRate(0.05, { minSamples: 0 })], share(0, 0), 'inconclusive'],
  ['before the first evaluation nothing is said', [errorRate(0.05)], { probes: [manyRounds(50, 100)] }, 'inconclusive'],
  [
    'rounds without an answer do not count',
    [errorRate(0.05, { minSamples: 2 })],
    { ...now, ...login('FUUUU') },
    'inconclusive',
  ],
  ['they do not thin it out either', [errorRate(0.3, { minSamples: 2 })], { ...now, ...login('FPUUUU') }, 'met'],
  [
    'older rounds than the window are gone',
    [errorRate(0.05)],
    { ...now, probes: [manyRounds(100, 100, { endMs: -300_000 })] },
    'inconclusive',
  ],
  [
    'one that ended just as long ago as the window is gone too',
    [errorRate(0.05, { minSamples: 0 })],
    { ...now, probes: [manyRounds(1, 1, { endMs: -300_000 })] },
    'inconclusive',
  ],
  [
    'one millisecond later it counts',
    [errorRate(0.05, { minSamples: 0 })],
    { ...now, probes: [manyRounds(1, 1, { endMs: -299_999 })] },
    'met',
  ],
  ['for 2 waits for the second evaluation', [errorRate(0.05, { forCount: 2 })], share(50, 100), 'not-met'],
  [
    'for 2 is met when both were over',
    [errorRate(0.05, { forCount: 2 })],
    { ...twice, probes: [manyRounds(50, 100, { endMs: -30_000 })] },
    'met',
  ],
  [
    'for 2 is not met when only the last one was over',
    [errorRate(0.05, { forCount: 2 })],
    { ...twice, probes: [manyRounds(0, 100, { endMs: -30_000 }), manyRounds(50, 100)] },
    'not-met',
  ],
  [
    'for 2 is not met when only the one before was over',
    [errorRate(0.3, { forCount: 2 })],
    { ...twice, probes: [manyRounds(50, 100, { endMs: -30_000 }), manyRounds(0, 100)] },
    'not-met',
  ],
  [
    'for 2 with too few samples before is not met',
    [errorRate(0.05, { forCount: 2 })],
    { ...twice, probes: [manyRounds(19, 19, { endMs: -30_000 }), manyRounds(50, 100)] },
    'not-met',
  ],
  [
    'all critical checks are one share',
    [errorRate(0.05)],
    { ...now, probes: [manyRounds(10, 100), { ...manyRounds(0, 100), probe: 'b', check: 'b' }] },
    'not-met',
  ],
  [
    'a named check has a share of its own',
    [errorRate(0.05, { check: 'login' })],
    { ...now, probes: [manyRounds(10, 100), { ...manyRounds(0, 100), probe: 'b', check: 'b' }] },
    'met',
  ],
  [
    'a warning is no part of it',
    [errorRate(0.05)],
    {
      ...now,
      probes: [
        { ...manyRounds(100, 100), severity: 'warning' },
        { ...manyRounds(0, 100), probe: 'b', check: 'b' },
      ],
    },
    'not-met',
  ],
]

const slow = (latencyMs: number, count = 100): Partial<TriggerFacts> => ({
  ...now,
  probes: [manyRounds(0, count, { latencyMs })],
})

const RESPONSE_TIME: readonly Row[] = [
  ['p95 of 2001 ms is over 2 s (>)', [responseTime(2000)], slow(2001), 'met'],
  ['of 2000 ms is not', [responseTime(2000)], slow(2000), 'not-met'],
  ['of 1.1 ms over 1.1 ms is not', [responseTime(1.1)], slow(1.1), 'not-met'],
  [
    'five of a hundred may be slow',
    [responseTime(2000)],
    { ...now, probes: [manyRounds(0, 95), manyRounds(0, 5, { latencyMs: 9000 })] },
    'not-met',
  ],
  [
    'six may not',
    [responseTime(2000)],
    { ...now, probes: [manyRounds(0, 94), manyRounds(0, 6, { latencyMs: 9000 })] },
    'met',
  ],
  ['a failing round counts as its whole time', [responseTime(2000)], share(6, 100), 'met'],
  ['five failing ones do not', [responseTime(2000)], share(5, 100), 'not-met'],
  ['too few samples say nothing', [responseTime(2000)], slow(9000, 19), 'inconclusive'],
  ['for 2 waits', [responseTime(2000, { forCount: 2 })], slow(9000), 'not-met'],
  [
    'and is met by two',
    [responseTime(2000, { forCount: 2 })],
    { ...twice, probes: [manyRounds(0, 100, { latencyMs: 9000, endMs: -30_000 })] },
    'met',
  ],
  ['no round says nothing', [responseTime(2000)], { ...now }, 'inconclusive'],
]

const prom = { source: 'prom', check: 'errors', minSamples: 0 } as const
const measured = (...all: readonly Partial<Measurement>[]): Partial<TriggerFacts> => ({
  measurements: {
    errors: all.map((parts, index) => aMeasurement({ atMs: (index - all.length + 1) * 30_000, ...parts })),
  },
})

const QUERIED: readonly Row[] = [
  ['the value of the query decides (>)', [errorRate(0.05, prom)], measured({ value: 0.051 }), 'met'],
  ['as much as the limit does not', [errorRate(0.05, prom)], measured({ value: 0.05 }), 'not-met'],
  ['no data says nothing', [errorRate(0.05, prom)], measured({ value: null }), 'inconclusive'],
  ['an error says nothing', [errorRate(0.05, prom)], measured({ value: null, error: 'down' }), 'inconclusive'],
  ['never asked says nothing', [errorRate(0.05, prom)], {}, 'inconclusive'],
  ['the newest counts', [errorRate(0.05, prom)], measured({ value: 0.2 }, { value: 0.01 }), 'not-met'],
  [
    'an error at the end says nothing',
    [errorRate(0.05, prom)],
    measured({ value: 0.2 }, { value: null, error: 'x' }),
    'inconclusive',
  ],
  [
    'for 3 wants three',
    [errorRate(0.02, { ...prom, forCount: 3 })],
    measured({ value: 0.2 }, { value: 0.2 }),
    'not-met',
  ],
  [
    'and has them',
    [errorRate(0.02, { ...prom, forCount: 3 })],
    measured({ value: 0.2 }, { value: 0.2 }, { value: 0.2 }),
    'met',
  ],
  [
    'a hole in a row ends it',
    [errorRate(0.02, { ...prom, forCount: 3 })],
    measured({ value: 0.2 }, { value: null }, { value: 0.2 }, { value: 0.2 }),
    'not-met',
  ],
  [
    'a good one in a row ends it',
    [errorRate(0.02, { ...prom, forCount: 2 })],
    measured({ value: 0.2 }, { value: 0 }, { value: 0.2 }),
    'not-met',
  ],
  [
    '99 requests are too few',
    [errorRate(0.05, { ...prom, minSamples: 100 })],
    measured({ value: 0.2, samples: 99 }),
    'inconclusive',
  ],
  ['100 are enough', [errorRate(0.05, { ...prom, minSamples: 100 })], measured({ value: 0.2, samples: 100 }), 'met'],
  [
    'an unknown number is too few',
    [errorRate(0.05, { ...prom, minSamples: 100 })],
    measured({ value: 0.2 }),
    'inconclusive',
  ],
  [
    'what was measured before the window is gone',
    [errorRate(0.05, { ...prom, windowMs: 60_000 })],
    measured({ value: 0.2, atMs: -60_000 }),
    'inconclusive',
  ],
  ['latencies of a query are seconds', [responseTime(2000, prom)], measured({ value: 2.001 }), 'met'],
  ['two seconds are not over two', [responseTime(2000, prom)], measured({ value: 2 }), 'not-met'],
  ['1.1 seconds are not over 1100 ms', [responseTime(1100, prom)], measured({ value: 1.1 }), 'not-met'],
]

const analysed = (letters: string, parts = {}): Partial<TriggerFacts> => ({
  analysis: { windowMs: 600_000, intervalMs: 10_000, initialDelayMs: 0, checks: [anAnalysisCheck(parts)] },
  measurements: { errors: measurements(letters) },
})

const ANALYSIS: readonly Row[] = [
  ['one failure is over a limit of 0 (>)', [analysisOf('errors')], analysed('F'), 'met'],
  ['two are not over a limit of 2', [analysisOf('errors')], analysed('FF', { failureLimit: 2 }), 'not-met'],
  ['three are', [analysisOf('errors')], analysed('FFF', { failureLimit: 2 }), 'met'],
  ['failures add up, whatever lies between', [analysisOf('errors')], analysed('FSSFSSF', { failureLimit: 2 }), 'met'],
  ['successes decide nothing', [analysisOf('errors')], analysed('SSSSS'), 'not-met'],
  ['nothing measured says nothing', [analysisOf('errors')], analysed(''), 'inconclusive'],
  ['inconclusive over its limit (>)', [analysisOf('errors')], analysed('I'), 'inconclusive'],
  ['inconclusive within its limit', [analysisOf('errors')], analysed('SI', { inconclusiveLimit: 1 }), 'not-met'],
  ['inconclusive twice over 1', [analysisOf('errors')], analysed('SII', { inconclusiveLimit: 1 }), 'inconclusive'],
  ['four errors in a row are within the limit', [analysisOf('errors')], analysed('SEEEE'), 'not-met'],
  ['five are not, and are no failure', [analysisOf('errors')], analysed('SEEEEE'), 'inconclusive'],
  ['an answer between errors begins anew', [analysisOf('errors')], analysed('SEEESEEE'), 'not-met'],
  ['errors never fail it', [analysisOf('errors')], analysed('EEEEEEEEEE'), 'inconclusive'],
  ['the first that decides, decides', [analysisOf('errors')], analysed('IFF', { failureLimit: 1 }), 'inconclusive'],
  ['also the other way round', [analysisOf('errors')], analysed('FFI', { failureLimit: 1 }), 'met'],
  ['a dry run never decides', [analysisOf('errors')], analysed('FFF', { isDryRun: true }), 'not-met'],
  [
    'no data may count as a failure when that is asked for',
    [analysisOf('errors')],
    analysed('I', { onNoData: 'fail' }),
    'met',
  ],
  ['or as a success', [analysisOf('errors')], analysed('III', { onNoData: 'pass' }), 'not-met'],
  [
    'failures older than the window are gone',
    [analysisOf('errors')],
    {
      ...analysed('FFFS', { failureLimit: 2 }),
      analysis: { ...facts().analysis, windowMs: 30_000, checks: [anAnalysisCheck({ failureLimit: 2 })] },
    },
    'not-met',
  ],
  ['a check that is not there says nothing', [analysisOf('other')], analysed('FFF'), 'inconclusive'],
  ['one of several is enough', [analysisOf('other', 'errors')], analysed('F'), 'met'],
  ['count ends no watch', [analysisOf('errors')], analysed('SSSSF', { count: 2 }), 'met'],
  ['nor do successes', [analysisOf('errors')], analysed('SSSSF', { consecutiveSuccessLimit: 2 }), 'met'],
]

const bad = { ...now, probes: [manyRounds(100, 100)] }
const TOGETHER: readonly Row[] = [
  ['all keys of an item hold', [failures(3), errorRate(0.05)], bad, 'met'],
  ['one of them does not', [failures(3), errorRate(1)], bad, 'not-met'],
  ['one of them cannot be told', [failures(3), errorRate(0.05, { minSamples: 1000 })], bad, 'inconclusive'],
  [
    'what does not hold outweighs what cannot be told',
    [failures(200), errorRate(0.05, { minSamples: 1000 })],
    bad,
    'not-met',
  ],
  ['three keys', [failures(3), errorRate(0.05), responseTime(2000)], bad, 'met'],
  ['an item without a key never fires', [], bad, 'not-met'],
]

describe('a trigger', () => {
  test.each(FAILURES)('health_check_failures: %s', (...row) => check(row))
  test.each(ERROR_RATE)('error_rate_threshold from probes: %s', (...row) => check(row))
  test.each(RESPONSE_TIME)('response_time_threshold from probes: %s', (...row) => check(row))
  test.each(QUERIED)('a threshold from a query: %s', (...row) => check(row))
  test.each(ANALYSIS)('analysis: %s', (...row) => check(row))
  test.each(TOGETHER)('keys of one item: %s', (...row) => check(row))

  test.each([
    ['the first item fires', [[failures(1)], [failures(9)]], 'FF', 1],
    ['the second fires', [[failures(9)], [failures(1)]], 'FF', 2],
    ['both would: the first is named', [[failures(1)], [failures(2)]], 'FF', 1],
    ['none does', [[failures(9)], [failures(8)]], 'FF', undefined],
    ['there is none', [], 'FF', undefined],
    ['one that cannot be told does not keep the other from firing', [[errorRate(0.05)], [failures(1)]], 'F', 2],
  ] as const)('items: %s', (_what, items, letters, fired) => {
    const rules = items.map((conditions, index) => ({ number: index + 1, conditions }))

    expect(decideTrigger(rules, facts({ ...now, ...login(letters) })).fired?.number).toBe(fired)
  })

  test('carries what it was decided from', () => {
    const [state] = decide([failures(3)], login('PFF')).rules[0]?.conditions ?? []
    const [rate] = decide([errorRate(0.05)], share(6, 100)).rules[0]?.conditions ?? []
    const [query] =
      decide([errorRate(0.05, prom)], measured({ value: 0.1239, samples: 4210.4 })).rules[0]?.conditions ?? []

    expect(state).toMatchObject({ done: 2, needed: 3, threshold: '3', comparison: '≥', check: 'login', note: '500' })
    expect(rate).toMatchObject({
      value: '6%',
      threshold: '5%',
      comparison: '>',
      samples: 100,
      window: '5m',
      source: 'probes',
    })
    expect(query).toMatchObject({ value: '12.39%', samples: 4210.4, source: 'prom', query: 'errors / requests' })
  })
})

test('the table has at least a hundred and fifty rows, with that of the analyses', async () => {
  const { BOUNDED, OUTCOMES } = await import('./analysis-rows.ts')
  const tables = [FAILURES, ERROR_RATE, RESPONSE_TIME, QUERIED, ANALYSIS, TOGETHER, BOUNDED, OUTCOMES]

  expect(tables.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThanOrEqual(150)
})
