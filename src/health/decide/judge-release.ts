import type { TriggerDecision } from '../../domain/health/trigger.ts'
import type { CheckState } from '../../domain/health/check-state.ts'
import type { AnalysisState } from './judge-analysis.ts'

export interface ReleaseFacts {
  readonly decision: TriggerDecision
  /** Of critical checks, by probe. */
  readonly checks: Readonly<Record<string, CheckState>>
  /** Of analyses that count, by name. */
  readonly analyses: Readonly<Record<string, AnalysisState>>
  /** Whether the whole window has passed. */
  readonly isOver: boolean
}

export interface ReleaseJudgement {
  /** `watching`: nothing can be said before the window is over. */
  readonly verdict: 'healthy' | 'unhealthy' | 'unknown' | 'watching'
  readonly why: string
}

/**
 * Whether the version that was gone back to is healthy. It is unhealthy as soon as a trigger fires or an analysis
 * fails, and healthy only when the whole window has passed and everything that counts says so; without anything that
 * counts there is no verdict. Pure.
 */
export function judgeRelease({ decision, checks, analyses, isOver }: ReleaseFacts): ReleaseJudgement {
  const failed = Object.entries(analyses).find(([, { status }]) => status === 'failed')
  if (failed) return { verdict: 'unhealthy', why: `${failed[0]} failed` }
  const [fired] = decision.fired?.conditions ?? []
  if (fired) {
    const what = fired.check === '' ? fired.kind : `${fired.kind} of ${fired.check}`
    return { verdict: 'unhealthy', why: `${what}: ${fired.value} ${fired.comparison} ${fired.threshold}` }
  }
  if (!isOver) return { verdict: 'watching', why: '' }
  const failing = namesOf(checks, 'failing')
  if (failing.length > 0) return { verdict: 'unhealthy', why: `failing at the end: ${failing.join(', ')}` }
  const silent = [
    ...namesOf(checks, 'unknown'),
    ...Object.entries(analyses).flatMap(([name, { status }]) => (status === 'inconclusive' ? [name] : [])),
  ]
  if (silent.length > 0) return { verdict: 'unknown', why: `nothing can be said by ${silent.join(', ')}` }
  const isAsked = Object.keys(checks).length + Object.keys(analyses).length > 0
  return isAsked ? { verdict: 'healthy', why: '' } : { verdict: 'unknown', why: 'nothing was asked that counts' }
}

function namesOf(checks: ReleaseFacts['checks'], state: CheckState['state']): readonly string[] {
  return Object.entries(checks).flatMap(([name, check]) => (check.state === state ? [name] : []))
}
