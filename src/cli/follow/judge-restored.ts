import type { RunOutcome } from '../../engine/engine.ts'
import type { Invocation } from '../command.ts'
import { printWatch } from './print-watch.ts'
import type { RestoredHealth } from '../../view/run/restored-health.ts'
import { formatDuration } from '../../view/time.ts'

/**
 * Watches the restored version after a complete rollback for `analysis.window` and records the verdict. `null` when
 * nothing is configured that could be watched, or when the wait is declined.
 */
export async function judgeRestored(outcome: RunOutcome, invocation: Invocation): Promise<RestoredHealth | null> {
  const { view, result } = outcome
  if (result !== 'complete' || view.plan.kind !== 'rollback' || view.deploymentId === null) return null
  const { engine, config } = await invocation.open()
  const windowMs = invocation.options.duration('healthWindow', '--health-window') ?? config.health.analysis.windowMs
  const { checks, analysis } = config.health
  if (windowMs === 0 || (checks.length === 0 && analysis.checks.length === 0)) return null
  invocation.output.note(
    `${view.plan.to} is live again. Watching its health for ${formatDuration(windowMs)}; ctrl-c ends that, the rollback stays.`,
  )
  const handle = engine.watch({
    until: 'window',
    mode: 'off',
    hasOperator: false,
    endsWithDecision: false,
    windowMs,
    judges: view.deploymentId,
    reason: '',
    incident: '',
  })
  const { result: found } = await printWatch(handle, invocation)
  if (found.kind === 'judged') return { verdict: found.verdict, why: found.why }
  return { verdict: 'unknown', why: 'it was not watched to the end' }
}
