import { BagboyError, toErrorReport, type ErrorReport } from '../../../errors/bagboy-error.ts'
import { isRetryable, retryAfterMs, retryDelayMs } from '../../rollback/step/retry.ts'
import type { DeployContext } from '../deploy-context.ts'

/**
 * `asked`: a person has to decide first · `refused`: the balancer will not do it · `again`: it could not be reached,
 * and no person has to decide: the traffic is read again.
 */
export type MoveResult =
  | { readonly status: 'moved' | 'asked' | 'again' }
  | { readonly status: 'refused'; readonly error: ErrorReport }

/**
 * Talks to the balancer until it answers. When it stays unreachable, a person decides; on the way back it is waited for
 * without a limit, because nothing else would take the traffic from a bad version.
 */
export async function untilAnswered(context: DeployContext, talk: () => Promise<MoveResult>): Promise<MoveResult> {
  const { clock, random } = context.parts.platform
  const rules = context.parts.config.rollback.retry
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await talk()
    } catch (error) {
      const report = reportOf(error, context.signal)
      // Either way our write is known not to be there: what is found next comes from outside.
      const isNotDone = report.code === 'REGISTRY_REJECTED' || report.code === 'REGISTRY_CONFLICT'
      if (isNotDone) await context.recorder.emit({ type: 'traffic.refused', error: report })
      if (report.code === 'REGISTRY_REJECTED') return { status: 'refused', error: report }
      const isLast = attempt >= rules.attempts
      if (!isRetryable(report) || (isLast && context.recorder.view.direction === 'forward')) {
        await askAboutProvider(context, report)
        return { status: 'asked' }
      }
      const delayMs = isLast
        ? Math.max(rules.maxBackoffMs, retryAfterMs(report))
        : retryDelayMs(attempt, report, rules, random)
      await context.recorder.emit({ type: 'traffic.retrying', attempt, delayMs, error: report })
      await clock.sleep(delayMs, context.signal)
      if (isLast) return { status: 'again' }
    }
  }
}

/** What is no answer of the balancer ends the work on the deploy: a lost lock, a full disk, a stop. */
function reportOf(error: unknown, signal: AbortSignal): ErrorReport {
  const isAnswer =
    error instanceof BagboyError && (/^(?:REGISTRY|READBACK)_/u.test(error.code) || error.code === 'LOCK_UNSURE')
  if (!isAnswer || signal.aborted) throw error
  return toErrorReport(error)
}

/** A person has to check the balancer. */
export async function askAboutProvider({ recorder, traffic }: DeployContext, error: ErrorReport): Promise<void> {
  const detail = `${traffic.provider.title}: ${error.message}`
  const isBack = recorder.view.direction === 'back'
  const choices = isBack ? (['resume', 'take-theirs'] as const) : (['resume', 'abort'] as const)
  await recorder.emit({ type: 'deploy.asked', question: { kind: 'provider', detail, choices, error } })
}
