import type { ConditionState } from '../../domain/health/trigger.ts'

/** `health_check_failures 2 of 3, login: 500`, `error_rate_threshold 7.2% > 5%, from prom, n=4210`. Pure. */
export function conditionText(state: ConditionState): string {
  const { kind, done, needed, note } = state
  const progress = needed > 1 || kind === 'health_check_failures' ? ` ${done} of ${needed}` : ''
  const parts = [figure(state), state.check, sourceText(state), note].filter((part) => part !== '')
  return `${kind}${progress}${parts.length === 0 ? '' : `, ${parts.join(', ')}`}`
}

function figure({ kind, value, comparison, threshold }: ConditionState): string {
  if (kind === 'health_check_failures' || value === '') return ''
  return `${value}, limit ${comparison} ${threshold}`
}

/** Of probes it is said that they are no share of users. */
export function sourceText({ kind, source, samples }: ConditionState): string {
  if (kind === 'health_check_failures') return ''
  const count = samples === null ? '' : `, n=${Math.floor(samples)}`
  if (source !== 'probes') return `from ${source}${count}`
  const basis = kind === 'response_time_threshold' ? ', failed rounds count as their timeout' : ''
  return `from probes${count}, no share of users${basis}`
}
