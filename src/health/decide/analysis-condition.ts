import { own } from '../../domain/text/own.ts'
import type { AnalysisCheck } from '../../domain/health/analysis.ts'
import { durationText } from '../../domain/text/duration.ts'
import type { Condition, ConditionResult, ConditionState } from '../../domain/health/trigger.ts'
import { judgeAnalysis, type AnalysisState } from './judge-analysis.ts'
import { inUnit, unitText } from './limit-value.ts'
import type { TriggerFacts } from './trigger-facts.ts'

type AnalysisCondition = Extract<Condition, { kind: 'analysis' }>

/** Where an analysis stands: met when one of its checks has more failures than its limit (>). Pure. */
export function analysisCondition({ checks: names }: AnalysisCondition, facts: TriggerFacts): ConditionState {
  const states = facts.analysis.checks
    .filter(({ name }) => names.includes(name))
    .map((check) => ({ check, state: liveAnalysis(check, facts) }))
    .map((one) => ({ ...one, result: resultOf(one.check, one.state) }))
  const order: readonly ConditionResult[] = ['met', 'inconclusive', 'not-met']
  const [worst] = states.toSorted(
    (a, b) => order.indexOf(a.result) - order.indexOf(b.result) || b.state.failureCount - a.state.failureCount,
  )
  return worst ? describe(worst.check, worst.state, worst.result, facts) : nothing(names)
}

/** An analysis that goes on for ever: what was measured within its window. Pure. */
export function liveAnalysis(check: AnalysisCheck, facts: TriggerFacts): AnalysisState {
  const oldestMs = facts.nowMs - facts.analysis.windowMs
  const measurements = (own(facts.measurements, check.name) ?? []).filter(({ atMs }) => atMs > oldestMs)
  return judgeAnalysis(check, measurements, { end: 'running', isBounded: false })
}

function resultOf({ isDryRun }: AnalysisCheck, state: AnalysisState): ConditionResult {
  if (state.status === 'failed') return isDryRun ? 'not-met' : 'met'
  if (state.status === 'inconclusive') return 'inconclusive'
  return state.successCount + state.failureCount === 0 ? 'inconclusive' : 'not-met'
}

function describe(
  check: AnalysisCheck,
  state: AnalysisState,
  result: ConditionResult,
  facts: TriggerFacts,
): ConditionState {
  const newest = state.decidedBy ?? own(facts.measurements, check.name)?.at(-1)
  const unit = (check.max ?? check.min)?.unit ?? 'number'
  const isPretended = check.isDryRun && state.status === 'failed'
  return {
    kind: 'analysis',
    result,
    done: state.failureCount,
    needed: check.failureLimit + 1,
    threshold: String(check.failureLimit),
    comparison: '>',
    value: newest && newest.value !== null ? unitText(inUnit(newest.value, unit), unit) : '',
    samples: newest?.samples ?? null,
    window: durationText(facts.analysis.windowMs),
    source: check.source,
    check: check.name,
    query: check.query,
    note: isPretended ? 'dry run: it would have failed' : state.why,
  }
}

function nothing(names: readonly string[]): ConditionState {
  return {
    kind: 'analysis',
    result: 'inconclusive',
    done: 0,
    needed: 1,
    threshold: '0',
    comparison: '>',
    value: '',
    samples: null,
    window: '',
    source: '',
    check: names.join(', '),
    query: '',
    note: 'there is no such check',
  }
}
