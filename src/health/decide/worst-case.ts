import type { AnalysisPlan } from '../../domain/health/analysis.ts'
import type { HealthCheck } from '../../domain/health/health-check.ts'
import type { Condition, TriggerRule } from '../../domain/health/trigger.ts'

interface Watched {
  readonly checks: readonly HealthCheck[]
  readonly analysis: AnalysisPlan
}

/**
 * How long it takes at worst from the moment a release stops answering until the rule is met, ms; `undefined` when it can
 * never be met. Pure.
 */
export function worstCaseMs({ conditions }: TriggerRule, watched: Watched): number | undefined {
  const times = conditions.map((condition) => conditionMs(condition, watched))
  const known = times.filter((ms) => ms !== undefined)
  return known.length === times.length && times.length > 0 ? Math.max(...known) : undefined
}

function conditionMs(condition: Condition, { checks, analysis }: Watched): number | undefined {
  if (condition.kind === 'analysis') {
    const limits = analysis.checks.filter(({ name }) => condition.checks.includes(name))
    const times = limits.map(({ failureLimit }) => analysis.initialDelayMs + (failureLimit + 1) * analysis.intervalMs)
    return times.length === 0 ? undefined : Math.min(...times)
  }
  if (condition.kind === 'health_check_failures') {
    const asked = checksOf(condition.check, checks)
    const times = asked.map((check) => (condition.max + condition.forCount - 1) * roundMs(check) + check.intervalMs)
    return times.length === 0 ? undefined : Math.min(...times)
  }
  if (condition.source !== null) return condition.forCount * analysis.intervalMs
  const asked = checksOf(condition.check, checks)
  if (asked.length === 0) return undefined
  return (condition.windowMs ?? 0) + condition.forCount * analysis.intervalMs
}

/** From the beginning of one failing round to the beginning of the next. */
function roundMs({ intervalMs, retries, timeoutMs }: HealthCheck): number {
  return Math.max(intervalMs, (retries + 1) * timeoutMs)
}

function checksOf(name: string | null, checks: readonly HealthCheck[]): readonly HealthCheck[] {
  return checks.filter((check) => (name === null ? check.severity === 'critical' : check.name === name))
}
