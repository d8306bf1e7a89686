import type { AnalysisCheck, Measurement } from '../../../../src/domain/health/analysis.ts'
import type { AnalysisEnd, AnalysisStatus } from '../../../../src/health/decide/judge-analysis.ts'
import type { MeasurementOutcome } from '../../../../src/health/decide/measurement-outcome.ts'

type Check = Partial<AnalysisCheck>

/** A bounded analysis: `S`uccess, `F`ailure, `I`nconclusive, `E`rror. */
export const BOUNDED: readonly (readonly [what: string, string, Check, AnalysisEnd, AnalysisStatus])[] = [
  ['goes on while nothing decides', 'SSS', {}, 'running', 'running'],
  ['has succeeded when its time is up', 'SSS', {}, 'over', 'successful'],
  ['has not when nothing was measured', '', {}, 'over', 'inconclusive'],
  ['has not when every source was down', 'EEE', {}, 'over', 'inconclusive'],
  ['is inconclusive when it was cancelled', 'SSS', {}, 'cancelled', 'inconclusive'],
  ['stays failed when it was cancelled', 'F', {}, 'cancelled', 'failed'],
  ['fails with the first failure', 'SF', {}, 'running', 'failed'],
  ['bears as many failures as its limit', 'FF', { failureLimit: 2 }, 'over', 'inconclusive'],
  ['and succeeds when something succeeded', 'FFS', { failureLimit: 2 }, 'over', 'successful'],
  ['fails with one more', 'FSFSF', { failureLimit: 2 }, 'running', 'failed'],
  ['does not look past what decided', 'FFFSSSS', { failureLimit: 2 }, 'over', 'failed'],
  ['ends after count measurements', 'SSS', { count: 3 }, 'running', 'successful'],
  ['not before', 'SS', { count: 3 }, 'running', 'running'],
  ['counts failures among them', 'FSS', { count: 3, failureLimit: 1 }, 'running', 'successful'],
  ['counts inconclusive ones too', 'ISS', { count: 3, inconclusiveLimit: 1 }, 'running', 'successful'],
  ['but no errors', 'EESS', { count: 3 }, 'running', 'running'],
  ['fails on the very last of count', 'SSF', { count: 3 }, 'running', 'failed'],
  ['ends after successes in a row', 'FSSS', { consecutiveSuccessLimit: 3, failureLimit: 1 }, 'running', 'successful'],
  ['which a failure interrupts', 'SSFSS', { consecutiveSuccessLimit: 3, failureLimit: 1 }, 'running', 'running'],
  ['and an inconclusive one', 'SSISS', { consecutiveSuccessLimit: 3, inconclusiveLimit: 1 }, 'running', 'running'],
  ['but no error', 'SSES', { consecutiveSuccessLimit: 3 }, 'running', 'successful'],
  ['is inconclusive with the first inconclusive one', 'SI', {}, 'running', 'inconclusive'],
  ['bears as many as its limit', 'SIII', { inconclusiveLimit: 3 }, 'over', 'successful'],
  ['and not one more', 'ISISISI', { inconclusiveLimit: 3 }, 'running', 'inconclusive'],
  ['bears four errors in a row', 'SEEEE', {}, 'over', 'successful'],
  ['and not five', 'SEEEEE', {}, 'running', 'inconclusive'],
  ['forgets errors with an answer', 'EEEESEEEE', {}, 'over', 'successful'],
  ['with no patience for errors', 'E', { consecutiveErrorLimit: 0 }, 'running', 'inconclusive'],
  ['passes without data when that is asked for', 'III', { onNoData: 'pass' }, 'over', 'successful'],
  ['fails without data when that is asked for', 'I', { onNoData: 'fail' }, 'over', 'failed'],
]

type Outcome = MeasurementOutcome['outcome']
const ms = (value: number) => ({ value, unit: 'ms' }) as const
const share = (value: number) => ({ value, unit: 'ratio' }) as const
const number = (value: number) => ({ value, unit: 'number' }) as const

/** What one measurement says. */
export const OUTCOMES: readonly (readonly [what: string, Check, Partial<Measurement>, Outcome])[] = [
  ['under its maximum', { max: share(0.05) }, { value: 0.04 }, 'success'],
  ['above its maximum in a partial answer', { max: share(0.05) }, { value: 0.5, partial: 'not whole' }, 'inconclusive'],
  [
    'under its maximum in a partial answer',
    { max: share(0.05) },
    { value: 0.01, partial: 'not whole' },
    'inconclusive',
  ],
  [
    'nothing in a partial answer, which passes otherwise',
    { onNoData: 'pass' },
    { value: null, partial: 'not whole' },
    'inconclusive',
  ],
  ['above its maximum with a remark', { max: share(0.05) }, { value: 0.5, note: 'no counter' }, 'failure'],
  ['as much as its maximum (>)', { max: share(0.05) }, { value: 0.05 }, 'success'],
  ['above its maximum', { max: share(0.05) }, { value: 0.0501 }, 'failure'],
  ['above its minimum', { max: null, min: share(0.99) }, { value: 0.995 }, 'success'],
  ['as much as its minimum', { max: null, min: share(0.99) }, { value: 0.99 }, 'success'],
  ['below its minimum', { max: null, min: share(0.99) }, { value: 0.98 }, 'failure'],
  ['between both', { max: number(10), min: number(2) }, { value: 5 }, 'success'],
  ['seconds against a duration', { max: ms(2000) }, { value: 2.1 }, 'failure'],
  ['seconds that are as long', { max: ms(2000) }, { value: 2 }, 'success'],
  ['seconds with a third of a millisecond', { max: ms(1100) }, { value: 1.1 }, 'success'],
  ['a number', { max: number(3) }, { value: 4 }, 'failure'],
  ['negative', { max: number(0) }, { value: -1 }, 'success'],
  ['no data', {}, { value: null }, 'inconclusive'],
  ['no data, passing', { onNoData: 'pass' }, { value: null }, 'success'],
  ['no data, failing', { onNoData: 'fail' }, { value: null }, 'failure'],
  ['an error', {}, { value: null, error: 'down' }, 'error'],
  ['an error is no missing data', { onNoData: 'fail' }, { value: null, error: 'down' }, 'error'],
  ['too few samples', { minSamples: 50 }, { value: 0.5, samples: 49 }, 'inconclusive'],
  ['enough samples', { minSamples: 50 }, { value: 0.5, samples: 50 }, 'failure'],
  ['an unknown number of samples', { minSamples: 50 }, { value: 0.5 }, 'inconclusive'],
  ['too few samples outweigh a good value', { minSamples: 50 }, { value: 0, samples: 1 }, 'inconclusive'],
  ['above maximum and baseline', { maxRatioToBaseline: 1.5 }, { value: 0.08, baseline: 0.01 }, 'failure'],
  [
    'above the maximum, but so is the baseline',
    { maxRatioToBaseline: 1.5 },
    { value: 0.08, baseline: 0.07 },
    'success',
  ],
  [
    'above the baseline, but under the maximum',
    { maxRatioToBaseline: 1.5 },
    { value: 0.04, baseline: 0.001 },
    'success',
  ],
  ['exactly the ratio (>)', { maxRatioToBaseline: 2 }, { value: 0.2, baseline: 0.1 }, 'success'],
  ['a baseline of nothing', { maxRatioToBaseline: 2 }, { value: 0.2, baseline: 0 }, 'failure'],
  ['no baseline, above the maximum', { maxRatioToBaseline: 2 }, { value: 0.2 }, 'inconclusive'],
  ['no baseline, under the maximum', { maxRatioToBaseline: 2 }, { value: 0.01 }, 'success'],
  ['only the ratio, above it', { max: null, maxRatioToBaseline: 2 }, { value: 0.3, baseline: 0.1 }, 'failure'],
  ['only the ratio, under it', { max: null, maxRatioToBaseline: 2 }, { value: 0.15, baseline: 0.1 }, 'success'],
  ['only the ratio, no baseline', { max: null, maxRatioToBaseline: 2 }, { value: 0.3 }, 'inconclusive'],
]
