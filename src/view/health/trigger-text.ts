import type { ConditionState } from '../../domain/health/trigger.ts'
import { plural } from '../plural.ts'

/** What a condition of a trigger is called. */
export const CONDITION_NAMES: Readonly<Record<ConditionState['kind'], string>> = {
  health_check_failures: 'failures in a row',
  error_rate_threshold: 'error rate',
  response_time_threshold: 'response time p95',
  analysis: 'analysis failed',
}

/** `login fails 2 of 3 (500)`, `error rate 7.2% > 5%, 1 of 2`: how far one condition of a trigger is. Pure. */
export function conditionText(state: ConditionState): string {
  const { kind, done, needed, check, note } = state
  if (kind === 'health_check_failures') {
    return `${check || 'a critical check'} fails ${done} of ${needed}${note === '' ? '' : ` (${note})`}`
  }
  if (kind === 'analysis') return `${check}: ${limitText(state)}`
  return `${check || CONDITION_NAMES[kind]} ${limitText(state)}${needed > 1 ? `, ${done} of ${needed}` : ''}`
}

/** The same with where its figures are from. Pure. */
export function sourcedConditionText(state: ConditionState): string {
  return joined(conditionText(state), sourceText(state))
}

/** `from prom (n=4210), not enough samples`: all that stands behind the figure of a condition. Pure. */
export function basisText(state: ConditionState): string {
  const isProbed = state.kind === 'response_time_threshold' && state.source === 'probes'
  return joined(sourceText(state), isProbed ? 'failed rounds count as their timeout' : '', state.note)
}

/** `7.2% > 5%, from prom (n=4210), http-errors`: what stands beside the name and the count of a condition. Pure. */
export function conditionFigures(state: ConditionState): string {
  return joined(limitText(state), sourceText(state), state.check, state.note)
}

/** The value against its limit, with the comparison that holds; where none can be said, both without one. */
function limitText({ kind, value, comparison, threshold, done, needed, result }: ConditionState): string {
  if (kind === 'health_check_failures') return `fires at ${needed}`
  if (kind === 'analysis') return joined(plural(done, 'failure'), `limit ${threshold}`, value && `last ${value}`)
  if (value === '') return ''
  if (result === 'inconclusive') return `${value}, limit ${threshold}`
  return `${value} ${done > 0 ? comparison : comparison === '>' ? '≤' : '<'} ${threshold}`
}

/** `from prom (n=4210)`; probes are not users, and that is said. Pure. */
function sourceText({ kind, source, samples }: ConditionState): string {
  if (kind === 'health_check_failures' || source === '') return ''
  const from = `from ${source}${samples === null ? '' : ` (n=${Math.floor(samples)})`}`
  return source === 'probes' ? `${from}, not users` : from
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ')
}
