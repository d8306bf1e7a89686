import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Measurement } from '../../../../src/domain/health/analysis.ts'
import type { HealthSample } from '../../../../src/domain/health/health-sample.ts'
import type { Condition, TriggerRule } from '../../../../src/domain/health/trigger.ts'
import { decideTrigger } from '../../../../src/health/decide/decide-trigger.ts'
import { judgeAnalysis } from '../../../../src/health/decide/judge-analysis.ts'
import type { ProbeRounds, TriggerFacts } from '../../../../src/health/decide/trigger-facts.ts'
import {
  aMeasurement,
  analysisOf,
  anAnalysisCheck,
  aSample,
  errorRate,
  facts,
  failures,
  measurements,
  responseTime,
} from '../../../support/builders/health-facts.ts'
import { roundCount, SEED } from '../../../support/effort.ts'

const CHECKS = ['a', 'b'] as const
const verdict = fc.constantFrom('passing', 'failing', 'unknown' as const)
const maybeCheck = fc.constantFrom(null, ...CHECKS)
const forCount = fc.integer({ min: 1, max: 3 })
const minSamples = fc.constantFrom(0, 1, 5, 20)
const windowMs = fc.constantFrom(null, 30_000, 300_000)

const fromProbes = { forCount, minSamples, windowMs, check: maybeCheck, source: fc.constant(null) }
const fromQuery = { ...fromProbes, check: fc.constant('errors'), source: fc.constant('prom') }
const limit = fc.constantFrom(0, 0.05, 0.5)
const limitMs = fc.constantFrom(100, 2000)

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .record({ max: fc.integer({ min: 1, max: 4 }), forCount, minSamples, windowMs, check: maybeCheck })
    .map(({ max, ...rest }) => failures(max, rest)),
  fc.record({ max: limit, parts: fc.record(fromProbes) }).map(({ max, parts }) => errorRate(max, parts)),
  fc.record({ max: limit, parts: fc.record(fromQuery) }).map(({ max, parts }) => errorRate(max, parts)),
  fc.record({ max: limitMs, parts: fc.record(fromProbes) }).map(({ max, parts }) => responseTime(max, parts)),
  fc.constant(analysisOf('errors')),
)
const items = fc.oneof(
  condition.map((only) => [[only]]),
  fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
)
const rules: fc.Arbitrary<readonly TriggerRule[]> = items.map((items) =>
  items.map((conditions, index) => ({ number: index + 1, conditions })),
)

const sample: fc.Arbitrary<HealthSample> = fc
  .record({
    verdict,
    atMs: fc.integer({ min: -400_000, max: 0 }),
    latencyMs: fc.oneof(fc.integer({ min: 1, max: 30_000 }), fc.constantFrom(50, 5000)),
  })
  .map((parts) => aSample({ ...parts, timeoutMs: 30_000 }))
const good = sample.map((one) => ({ ...one, verdict: 'passing' as const }))
const samples = fc
  .oneof(fc.array(sample, { maxLength: 40 }), fc.array(good, { minLength: 20, maxLength: 60 }))
  .map((all) => all.toSorted((left, right) => left.atMs - right.atMs))
const severity = fc.constantFrom('critical', 'warning' as const)
const probes: fc.Arbitrary<readonly ProbeRounds[]> = fc.tuple(
  ...CHECKS.map((check) => fc.record({ probe: fc.constant(check), check: fc.constant(check), severity, samples })),
)
const measurement: fc.Arbitrary<Measurement> = fc
  .record({
    value: fc.constantFrom(null, 0, 0.04, 0.06, 1),
    samples: fc.constantFrom(null, 3, 5000),
    error: fc.constantFrom('', '', 'down'),
    atMs: fc.integer({ min: -700_000, max: 0 }),
  })
  .map((parts) => aMeasurement(parts))
const measured = fc
  .array(measurement, { maxLength: 12 })
  .map((all) => all.toSorted((left, right) => left.atMs - right.atMs))
const world: fc.Arbitrary<TriggerFacts> = fc
  .record({
    probes,
    measured,
    failureLimit: fc.integer({ min: 0, max: 3 }),
    evaluationsMs: fc.constantFrom([], [0], [-30_000, 0], [-60_000, -30_000, 0]),
  })
  .map(({ probes, measured, failureLimit, evaluationsMs }) =>
    facts({
      probes,
      evaluationsMs,
      measurements: { errors: measured },
      analysis: { ...facts().analysis, checks: [anAnalysisCheck({ failureLimit, inconclusiveLimit: 2 })] },
    }),
  )

/** Some rounds and measurements that were good, or nothing, are bad instead; nothing gets better. */
function worsen(before: TriggerFacts, chosen: readonly boolean[]): TriggerFacts {
  let at = 0
  const isChosen = (): boolean => chosen[(at += 1) % chosen.length] ?? false
  return {
    ...before,
    probes: before.probes.map((one) => ({
      ...one,
      samples: one.samples.map((round) => (isChosen() ? { ...round, verdict: 'failing' as const } : round)),
    })),
    measurements: {
      errors: (before.measurements['errors'] ?? []).map((one) =>
        isChosen() ? { ...one, value: 1, samples: 5000, error: '' } : one,
      ),
    },
  }
}

describe('a trigger, whatever its rules', () => {
  test('that fires does not stop because more fails', () => {
    fc.assert(
      fc.property(rules, world, fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), (items, before, chosen) => {
        fc.pre(decideTrigger(items, before).fired !== null)

        expect(decideTrigger(items, worsen(before, chosen)).fired).not.toBeNull()
      }),
      { seed: SEED, numRuns: roundCount(500, 2000) },
    )
  })

  test('that fires does not stop because more rounds fail now', () => {
    const slowOrNot = fc.constantFrom(1, 50, 5000)

    fc.assert(
      fc.property(rules, world, slowOrNot, (items, before, latencyMs) => {
        fc.pre(decideTrigger(items, before).fired !== null)
        const failing = Array.from({ length: 20 }, () => aSample({ verdict: 'failing', latencyMs, atMs: 0 }))
        const after = {
          ...before,
          probes: before.probes.map((one) => ({ ...one, samples: [...one.samples, ...failing] })),
        }

        expect(decideTrigger(items, after).fired).not.toBeNull()
      }),
      { seed: SEED, numRuns: roundCount(500, 2000) },
    )
  })

  test('never fires without data', () => {
    fc.assert(
      fc.property(rules, world, (items, before) => {
        const silent = {
          ...before,
          probes: before.probes.map((one) => ({
            ...one,
            samples: one.samples.map((round) => ({ ...round, verdict: 'unknown' as const })),
          })),
          measurements: { errors: (before.measurements['errors'] ?? []).map((one) => ({ ...one, value: null })) },
        }

        expect(decideTrigger(items, silent).fired).toBeNull()
      }),
      { seed: SEED, numRuns: roundCount(500, 2000) },
    )
  })

  test('fires when one of its rules does, and a rule when all of its conditions do', () => {
    fc.assert(
      fc.property(rules, world, (items, given) => {
        const alone = (conditions: readonly Condition[]) =>
          decideTrigger([{ number: 1, conditions }], given).fired !== null
        const expected = items.some(({ conditions }) => conditions.every((one) => alone([one])))

        expect(decideTrigger(items, given).fired !== null).toBe(expected)
      }),
      { seed: SEED, numRuns: roundCount(500, 2000) },
    )
  })

  test('knows no time but the distance between things', () => {
    fc.assert(
      fc.property(rules, world, fc.integer({ min: 1, max: 1_000_000 }), (items, given, byMs) => {
        const moved = <T extends { readonly atMs: number }>(one: T): T => ({ ...one, atMs: one.atMs + byMs })
        const later: TriggerFacts = {
          ...given,
          nowMs: given.nowMs + byMs,
          evaluationsMs: given.evaluationsMs.map((ms) => ms + byMs),
          probes: given.probes.map((one) => ({ ...one, samples: one.samples.map(moved) })),
          measurements: { errors: (given.measurements['errors'] ?? []).map(moved) },
        }

        expect(decideTrigger(items, later)).toEqual(decideTrigger(items, given))
      }),
      { seed: SEED, numRuns: 500 },
    )
  })
})

describe('an analysis', () => {
  const letters = fc.array(fc.constantFrom('S', 'F', 'I', 'E'), { maxLength: 20 }).map((all) => all.join(''))
  const limits = fc.record({
    failureLimit: fc.integer({ min: 0, max: 3 }),
    inconclusiveLimit: fc.integer({ min: 0, max: 3 }),
    consecutiveErrorLimit: fc.integer({ min: 0, max: 3 }),
    consecutiveSuccessLimit: fc.integer({ min: 0, max: 3 }),
    count: fc.integer({ min: 0, max: 10 }),
  })

  test('that has decided stays decided, whatever is measured afterwards', () => {
    fc.assert(
      fc.property(limits, letters, letters, (parts, first, more) => {
        const check = anAnalysisCheck(parts)
        const how = { end: 'running', isBounded: true } as const
        const before = judgeAnalysis(check, measurements(first), how)
        fc.pre(before.status !== 'running')

        expect(judgeAnalysis(check, measurements(first + more), how).status).toBe(before.status)
      }),
      { seed: SEED },
    )
  })

  test('without a single success never succeeds', () => {
    fc.assert(
      fc.property(limits, letters, (parts, all) => {
        const state = judgeAnalysis(anAnalysisCheck({ ...parts, count: 0 }), measurements(all.replaceAll('S', '')), {
          end: 'over',
          isBounded: true,
        })

        expect(state.status).not.toBe('successful')
      }),
      { seed: SEED },
    )
  })
})
