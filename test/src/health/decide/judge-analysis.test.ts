import { describe, expect, test } from 'vitest'
import { judgeAnalysis } from '../../../../src/health/decide/judge-analysis.ts'
import { measurementOutcome } from '../../../../src/health/decide/measurement-outcome.ts'
import { aMeasurement, anAnalysisCheck, measurements } from '../../../support/builders/health-facts.ts'
import { BOUNDED, OUTCOMES } from './analysis-rows.ts'

describe('a bounded analysis', () => {
  test.each(BOUNDED)('%s', (_what, letters, parts, end, status) => {
    const state = judgeAnalysis(anAnalysisCheck(parts), measurements(letters), { end, isBounded: true })

    expect(state.status).toBe(status)
  })

  test('names the measurement that decided, and what it counted', () => {
    const all = measurements('SFSFSS')

    const state = judgeAnalysis(anAnalysisCheck({ failureLimit: 1 }), all, { end: 'over', isBounded: true })

    expect(state).toEqual({
      status: 'failed',
      failureCount: 2,
      inconclusiveCount: 0,
      successCount: 2,
      errorCount: 0,
      decidedBy: all[3],
      why: 'above its limit',
    })
  })
})

describe('a measurement', () => {
  test.each(OUTCOMES)('%s', (_what, check, measurement, outcome) => {
    expect(measurementOutcome(anAnalysisCheck(check), aMeasurement(measurement)).outcome).toBe(outcome)
  })
})
