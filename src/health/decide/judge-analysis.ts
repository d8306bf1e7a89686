import type { AnalysisCheck, Measurement } from '../../domain/health/analysis.ts'
import { measurementOutcome } from './measurement-outcome.ts'

export type AnalysisStatus = 'running' | 'successful' | 'failed' | 'inconclusive'

export interface AnalysisState {
  readonly status: AnalysisStatus
  readonly failureCount: number
  readonly inconclusiveCount: number
  readonly successCount: number
  /** In a row, now. */
  readonly errorCount: number
  /** The measurement that decided. */
  readonly decidedBy: Measurement | null
  /** Why it ended as it did, or stands as it does; empty when there is nothing to say. */
  readonly why: string
}

/** `running`: more may come; `over`: its time is up; `cancelled`: it was ended early. */
export type AnalysisEnd = 'running' | 'over' | 'cancelled'

const START: AnalysisState = {
  status: 'running',
  failureCount: 0,
  inconclusiveCount: 0,
  successCount: 0,
  errorCount: 0,
  decidedBy: null,
  why: '',
}

interface Progress extends AnalysisState {
  /** In a row, now. */
  readonly successRun: number
  readonly measuredCount: number
}

/**
 * All measurements of one check, oldest first; the first that decides, decides. `isBounded`: the analysis ends by itself
 * after `count` measurements or `consecutive_success_limit` successes; a watch that goes on for ever has no use for that.
 * Pure.
 */
export function judgeAnalysis(
  check: AnalysisCheck,
  measurements: readonly Measurement[],
  { end, isBounded }: { readonly end: AnalysisEnd; readonly isBounded: boolean },
): AnalysisState {
  let progress: Progress = { ...START, successRun: 0, measuredCount: 0 }
  for (const measurement of measurements) {
    progress = decide(check, count(check, progress, measurement), measurement, isBounded)
    if (progress.status !== 'running') break
  }
  const { successRun: _successRun, measuredCount: _measuredCount, ...state } = finish(progress, end)
  return state
}

function count(check: AnalysisCheck, before: Progress, measurement: Measurement): Progress {
  const { outcome, why } = measurementOutcome(check, measurement)
  if (outcome === 'error') return { ...before, errorCount: before.errorCount + 1, why }
  const next = { ...before, errorCount: 0, measuredCount: before.measuredCount + 1, why }
  switch (outcome) {
    case 'success':
      return { ...next, successCount: before.successCount + 1, successRun: before.successRun + 1 }
    case 'failure':
      return { ...next, failureCount: before.failureCount + 1, successRun: 0 }
    case 'inconclusive':
      return { ...next, inconclusiveCount: before.inconclusiveCount + 1, successRun: 0 }
  }
}

function decide(check: AnalysisCheck, now: Progress, measurement: Measurement, isBounded: boolean): Progress {
  const decided = (status: AnalysisStatus): Progress => ({ ...now, status, decidedBy: measurement })
  if (now.failureCount > check.failureLimit) return decided('failed')
  if (now.inconclusiveCount > check.inconclusiveLimit) return decided('inconclusive')
  if (now.errorCount > check.consecutiveErrorLimit) return decided('inconclusive')
  if (!isBounded) return now
  const isLongEnough = check.consecutiveSuccessLimit > 0 && now.successRun >= check.consecutiveSuccessLimit
  const isCounted = check.count > 0 && now.measuredCount >= check.count
  return isLongEnough || isCounted ? decided('successful') : now
}

/** An analysis that was cancelled, or never measured anything that counts, has not succeeded. */
function finish(progress: Progress, end: AnalysisEnd): Progress {
  if (progress.status !== 'running' || end === 'running') return progress
  if (end === 'cancelled') return { ...progress, status: 'inconclusive', why: 'it was cancelled' }
  if (progress.successCount > 0) return { ...progress, status: 'successful', why: '' }
  const why = progress.why === '' ? 'nothing was measured' : progress.why
  return { ...progress, status: 'inconclusive', why }
}
