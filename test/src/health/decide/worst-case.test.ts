import { describe, expect, test } from 'vitest'
import type { HealthCheck } from '../../../../src/domain/health/health-check.ts'
import type { Condition } from '../../../../src/domain/health/trigger.ts'
import { worstCaseMs } from '../../../../src/health/decide/worst-case.ts'
import { anHttpCheck } from '../../../support/builders/a-probe.ts'
import { analysisOf, anAnalysisCheck, errorRate, failures } from '../../../support/builders/health-facts.ts'
import { NO_HEALTH } from '../../../support/engine/no-health.ts'

const check = (name: string, parts: Partial<HealthCheck> = {}): HealthCheck =>
  ({ ...anHttpCheck('http://x/', { name }), intervalMs: 10_000, timeoutMs: 1000, retries: 0, ...parts }) as HealthCheck

const ANALYSES = [anAnalysisCheck({ failureLimit: 1 }), anAnalysisCheck({ name: 'slow', failureLimit: 4 })]

const worstOf = (conditions: readonly Condition[], checks: readonly HealthCheck[]): number | undefined =>
  worstCaseMs(
    { number: 1, conditions },
    {
      checks,
      analysis: { ...NO_HEALTH.health.analysis, intervalMs: 30_000, initialDelayMs: 60_000, checks: ANALYSES },
    },
  )

describe('the worst case until a rule is met', () => {
  test.each<[string, readonly Condition[], readonly HealthCheck[], number | undefined]>([
    ['counts the rounds and the wait for the first', [failures(3)], [check('a')], 40_000],
    ['takes rounds that last longer than their interval', [failures(3)], [check('a', { timeoutMs: 20_000 })], 70_000],
    ['counts the retries of a round', [failures(3)], [check('a', { timeoutMs: 6000, retries: 2 })], 64_000],
    ['counts further evaluations', [failures(3, { forCount: 2 })], [check('a')], 50_000],
    [
      'is that of the fastest check that can meet it',
      [failures(3)],
      [check('a'), check('b', { intervalMs: 5000 })],
      20_000,
    ],
    ['leaves warnings out', [failures(3)], [check('a'), check('b', { intervalMs: 5000, severity: 'warning' })], 40_000],
    [
      'is that of the named check',
      [failures(3, { check: 'a' })],
      [check('a'), check('b', { intervalMs: 5000 })],
      40_000,
    ],
    ['is that of the slowest condition', [failures(3), errorRate(0.05)], [check('a')], 330_000],
    ['is unknown without a check that counts', [failures(3)], [check('a', { severity: 'warning' })], undefined],
    ['of a query counts its evaluations', [errorRate(0.05, { source: 'prom', forCount: 3 })], [], 90_000],
    ['of probes counts their window and the evaluations', [errorRate(0.05, { forCount: 2 })], [check('a')], 360_000],
    ['of probes without one of them is unknown', [errorRate(0.05)], [], undefined],
    [
      'of an analysis counts its delay and one failure more than its limit',
      [analysisOf('errors', 'slow')],
      [],
      120_000,
    ],
    ['of an analysis that is not there is unknown', [analysisOf('gone')], [], undefined],
    [
      'is unknown when one condition can never be met',
      [failures(3, { check: 'z' }), errorRate(0.05)],
      [check('a')],
      undefined,
    ],
  ])('%s', (_title, conditions, checks, expected) => {
    expect(worstOf(conditions, checks)).toBe(expected)
  })
})
