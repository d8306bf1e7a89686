import type { AnalysisCheck, Measurement } from '../../domain/health/analysis.ts'
import type { TriggerDecision } from '../../domain/health/trigger.ts'
import { measurementOutcome } from '../../health/decide/measurement-outcome.ts'
import type { WatchContext } from './watch-context.ts'
import type { WatchResult } from './watch.ts'

/**
 * Whether a watch that only wants to know can end: nothing fired, and nothing is about to. `undefined` while another
 * round may still change that. Pure but for what it looks at.
 */
export function decidedNothing(
  { recorder, seen, parts }: WatchContext,
  decision: TriggerDecision,
): WatchResult | undefined {
  const critical = recorder.view.probes.filter(({ role, severity }) => role === 'live' && severity === 'critical')
  if (critical.some(({ samples }) => samples.length === 0)) return undefined
  const { analysis } = parts.config.health
  const newest = analysis.checks.map(({ name }) => seen.measurementsOf(name).at(-1))
  if (newest.includes(undefined)) return undefined
  const isBuilding = decision.rules.some(({ conditions }) =>
    conditions.some(({ done, kind, result }) => kind !== 'analysis' && result !== 'inconclusive' && done > 0),
  )
  if (isBuilding) return undefined
  const silent = analysis.checks.flatMap((check) => saysNothing(check, seen.measurementsOf(check.name).at(-1)))
  silent.push(...silentConditions(decision).filter((text) => !silent.includes(text)))
  if (critical.length > 0 && critical.every(({ state }) => state.state === 'unknown')) {
    silent.push(...critical.map(({ probe, samples }) => `${probe}: ${samples.at(-1)?.detail ?? ''}`))
  }
  return silent.length === 0 ? { kind: 'quiet' } : { kind: 'inconclusive', why: silent.join('; ') }
}

/** Why a source could not say whether it is bad. What our own probes have too few rounds for is said by their states. */
function saysNothing(check: AnalysisCheck, newest: Measurement | undefined): readonly string[] {
  if (!newest || check.isDryRun || check.source === 'probes') return []
  const { outcome, why } = measurementOutcome(check, newest)
  return outcome === 'error' || outcome === 'inconclusive' ? [`${check.name}: ${why}`] : []
}

/** Why a trigger that would be met or not by a metric cannot be told: fewer samples than it asks for. */
function silentConditions({ rules }: TriggerDecision): readonly string[] {
  const conditions = rules.flatMap((rule) => (rule.result === 'inconclusive' ? rule.conditions : []))
  return conditions
    .filter(({ kind, result, source }) => kind !== 'analysis' && result === 'inconclusive' && source !== 'probes')
    .map(({ check, note }) => `${check}: ${note}`)
}
