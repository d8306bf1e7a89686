import { expect, test } from 'vitest'
import { NO_ROUND_YET } from '../../../../src/domain/health/check-state.ts'
import type { HealthVerdict } from '../../../../src/domain/health/health-sample.ts'
import { judgeAnalysis } from '../../../../src/health/decide/judge-analysis.ts'
import { judgeRelease, type ReleaseFacts } from '../../../../src/health/decide/judge-release.ts'
import { anAnalysisCheck, measurements } from '../../../support/builders/health-facts.ts'

const QUIET: ReleaseFacts['decision'] = { result: 'not-met', rules: [], fired: null }
const checks = (state: HealthVerdict): ReleaseFacts['checks'] => ({ login: { ...NO_ROUND_YET, state } })
const analyses = (letters: string): ReleaseFacts['analyses'] => ({
  errors: judgeAnalysis(anAnalysisCheck({}), measurements(letters), { end: 'over', isBounded: true }),
})

type Row = readonly [what: string, facts: Partial<ReleaseFacts>, verdict: string, why: string]

const TABLE: readonly Row[] = [
  ['a window that goes on', { checks: checks('passing'), isOver: false }, 'watching', ''],
  ['a check that passes at the end', { checks: checks('passing') }, 'healthy', ''],
  ['an analysis that passed', { analyses: analyses('SSS') }, 'healthy', ''],
  ['a check that fails at the end', { checks: checks('failing') }, 'unhealthy', 'failing at the end: login'],
  ['a check nobody could ask', { checks: checks('unknown') }, 'unknown', 'nothing can be said by login'],
  ['an analysis without a value', { analyses: analyses('') }, 'unknown', 'nothing can be said by errors'],
  ['neither a check nor an analysis that counts', {}, 'unknown', 'nothing was asked that counts'],
]

test.for(TABLE)('%s', ([, facts, verdict, why]) => {
  const found = judgeRelease({ decision: QUIET, checks: {}, analyses: {}, isOver: true, ...facts })

  expect(found).toEqual({ verdict, why })
})
