import { sameSplit, type Slot, type TrafficSplit } from '../../domain/traffic.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../../errors/bagboy-error.ts'
import type { DeployEvent } from '../../events/deploy-events.ts'
import type { DeployView } from '../../events/project-deploy.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { moveTraffic } from '../../traffic/move-traffic.ts'
import type { TrafficSnapshot } from '../../traffic/provider.ts'
import { isRetryable, retryAfterMs, retryDelayMs } from '../retry.ts'
import { createWriteFence } from '../write-fence.ts'
import type { DeployContext } from './deploy-context.ts'
import { askAboutChange, observe } from './observe.ts'
import { trafficContext } from './traffic-access.ts'

type Purpose = Extract<DeployEvent, { type: 'traffic.intended' }>['purpose']

/**
 * `asked`: a person has to decide first · `refused`: the balancer will not send requests there · `again`: it could not be
 * asked, and nobody has to be: what comes first is looked at again.
 */
export type MoveResult =
  | { readonly status: 'moved' | 'asked' | 'again' }
  | { readonly status: 'refused'; readonly error: ErrorReport }

/**
 * Brings a split about: looks, writes down what it is going to do, writes, and reads back. Only a step of a deploy
 * minds what somebody else made of the traffic in between; going back and putting back are for writing over it. On the way
 * back a balancer that is away is waited for without a limit: nobody else would take the traffic from a bad version.
 */
export async function moveTo(context: DeployContext, to: TrafficSplit, purpose: Purpose): Promise<MoveResult> {
  const { clock, random } = context.parts.platform
  const rules = context.parts.config.rollback.retry
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await moveOnce(context, to, purpose)
    } catch (error) {
      const report = reportOf(error, context.signal)
      // Either way it is known that ours is not there: what is found next is somebody else's.
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

async function moveOnce(context: DeployContext, to: TrafficSplit, purpose: Purpose): Promise<MoveResult> {
  const { parts, recorder, traffic, lock, signal } = context
  const { clock } = parts.platform
  const fence = createWriteFence({ clock, lock, ttlMs: parts.config.lock.ttlMs })
  const access = trafficContext(parts, traffic, signal, fence)
  const snapshot = await traffic.provider.read(access)
  await observe(context, snapshot)
  if (purpose === 'step' && isForeign(recorder.view, snapshot)) {
    await askAboutChange(context, snapshot.split)
    return { status: 'asked' }
  }
  const { split: from, revision } = snapshot
  await recorder.emit({ type: 'traffic.intended', from, to, revision, purpose })
  failpoint('deploy:intended')
  const request = { split: to, ifMatch: revision, proveWithinMs: parts.config.rollback.timeoutMs }
  const { status, after, error } = await moveTraffic(traffic.provider, request, access)
  failpoint('deploy:moved')
  await recorder.emit({ type: 'traffic.moved', split: after.split, status, requests: after.requests, error })
  return { status: 'moved' }
}

/** Our own write that was cut off may have been done, not done, or half done; anything else is somebody else's. */
function isForeign({ expected, owed, plan }: DeployView, { split }: TrafficSnapshot): boolean {
  if (sameSplit(split, expected)) return false
  return owed === null || !liesBetween(split, owed, plan.slot)
}

/** A balancer of several servers is written one after the other: on the way its share lies between the two. */
function liesBetween(split: TrafficSplit, { from, to }: NonNullable<DeployView['owed']>, slot: Slot): boolean {
  const [low, high] = [Math.min(from[slot], to[slot]), Math.max(from[slot], to[slot])]
  return split[slot] >= low && split[slot] <= high
}

/** What is no answer of the balancer ends the work on the deploy: a lost lock, a full disk, a stop. */
function reportOf(error: unknown, signal: AbortSignal): ErrorReport {
  const isAnswer =
    error instanceof BagboyError && (/^(?:REGISTRY|READBACK)_/u.test(error.code) || error.code === 'LOCK_UNSURE')
  if (!isAnswer || signal.aborted) throw error
  return toErrorReport(error)
}

/** The balancer has to be looked at by a person. */
export async function askAboutProvider({ recorder, traffic }: DeployContext, error: ErrorReport): Promise<void> {
  const detail = `${traffic.provider.title}: ${error.message}`
  const isBack = recorder.view.direction === 'back'
  const choices = isBack ? (['resume', 'take-theirs'] as const) : (['resume', 'abort'] as const)
  await recorder.emit({ type: 'deploy.asked', question: { kind: 'provider', detail, choices, error } })
}
