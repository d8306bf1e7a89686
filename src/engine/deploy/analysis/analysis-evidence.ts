import type { AnalysisCheck, Measurement } from '../../../domain/health/analysis.ts'
import type { JsonObject } from '../../../domain/text/json.ts'
import type { AnalysisState } from '../../../health/decide/judge-analysis.ts'
import { inUnit, unitText } from '../../../health/decide/limit-value.ts'

export type AnalysisEvidence = JsonObject & {
  readonly check: string
  readonly value: string
  readonly threshold: string
}

/** In one line. Pure. */
export function analysisFailure({ check, value, threshold }: AnalysisEvidence): string {
  return `analysis ${check} failed: ${value}, and ${threshold} is allowed`
}

/** What an analysis was judged bad from, as the history keeps it. Pure. */
export function analysisEvidence(
  check: AnalysisCheck,
  { decidedBy, failureCount, why }: Pick<AnalysisState, 'decidedBy' | 'failureCount' | 'why'>,
): AnalysisEvidence {
  return {
    kind: 'analysis',
    check: check.name,
    value: valueText(check, decidedBy?.value ?? null),
    threshold: limitText(check, decidedBy),
    ...(decidedBy === null || decidedBy.samples === null ? {} : { samples: decidedBy.samples }),
    failures: failureCount,
    source: check.source,
    ...(check.query === '' ? {} : { query: check.query }),
    ...(decidedBy === null ? {} : { at: decidedBy.at }),
    ...(why === '' ? {} : { detail: why }),
  }
}

function unitOf({ max, min }: AnalysisCheck): 'ratio' | 'ms' | 'number' {
  return (max ?? min)?.unit ?? 'number'
}

function valueText(check: AnalysisCheck, value: number | null): string {
  if (value === null) return 'no data'
  return unitText(inUnit(value, unitOf(check)), unitOf(check))
}

function limitText(check: AnalysisCheck, measurement: Measurement | null): string {
  const limits = [
    ...(check.max ? [`at most ${unitText(check.max.value, check.max.unit)}`] : []),
    ...(check.min ? [`at least ${unitText(check.min.value, check.min.unit)}`] : []),
    ...(check.maxRatioToBaseline === null
      ? []
      : [`at most ${check.maxRatioToBaseline} times ${valueText(check, measurement?.baseline ?? null)}`]),
  ]
  return limits.join(', ')
}
