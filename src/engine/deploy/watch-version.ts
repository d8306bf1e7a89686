import { triggerRecord } from '../../domain/trigger.ts'
import type { JsonObject } from '../../domain/json.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { WatchView } from '../../events/project-watch.ts'
import type { StampedWatch } from '../../events/watch-events.ts'
import { startWatch } from '../watch/start-watch.ts'
import type { WatchHandle } from '../watch/watch.ts'
import { inconclusive, passed, skipped, unhealthy, type DeployContext, type StageOutcome } from './deploy-context.ts'

/**
 * Watches the version that has all of the traffic for what is left of its window. The verdict goes into its entry of the
 * history.
 */
export async function watchVersion(context: DeployContext, index: number, signal: AbortSignal): Promise<StageOutcome> {
  const { parts, recorder } = context
  const { clock } = parts.platform
  const { stages, deploymentId } = recorder.view
  const leftMs = Math.max(0, Date.parse(stages[index]?.endsAt ?? clock.now()) - Date.parse(clock.now()))
  const handle = startWatch(parts, {
    until: 'window',
    mode: 'off',
    hasOperator: false,
    endsWithDecision: false,
    windowMs: leftMs,
    reason: '',
    incident: '',
    ...(deploymentId === null ? {} : { judges: deploymentId }),
  })
  const stop = (): void => handle.stop('the deploy does something else first')
  signal.addEventListener('abort', stop, { once: true })
  try {
    await relay(context, index, handle)
    const { result, view } = await handle.result
    signal.throwIfAborted()
    if (result.kind !== 'judged') throw new BagboyError('BUG', `The watch of a window ended with ${result.kind}.`)
    if (result.verdict === 'healthy') return passed('healthy')
    if (result.verdict === 'unknown') return inconclusive(result.why)
    return unhealthy(result.why, evidenceOf(view, result.why, clock.now()))
  } catch (error) {
    if (error instanceof BagboyError && error.code === 'HEALTH_NOT_CONFIGURED') return skipped('nothing can be watched')
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Of what a watch says, the deploy keeps what changes; single rounds are the watch's alone. */
async function relay({ recorder }: DeployContext, stage: number, handle: WatchHandle): Promise<void> {
  for await (const event of handle) {
    const kept = keptOf(event, stage)
    if (kept) await recorder.emit(kept)
  }
}

function keptOf(event: StampedWatch, stage: number): Parameters<DeployContext['recorder']['emit']>[0] | undefined {
  if (event.type === 'health.changed') {
    const { type, probe, from, to, detail } = event
    return { type, probe, from, to, detail }
  }
  if (event.type !== 'analysis.measured') return undefined
  const { type, measurement, progress } = event
  return { type, stage, measurement, progress }
}

/** The rule that is met says most; a check that never came right is at least named. */
function evidenceOf({ rules, analyses, probes }: WatchView, why: string, at: string): JsonObject {
  const met = rules.find(({ result }) => result === 'met')
  if (met) return triggerRecord(met, at)
  const failed = Object.entries(analyses).find(([, { progress }]) => progress.status === 'failed')
  if (failed) {
    const [check, { measurement, progress }] = failed
    const { value, samples } = measurement
    return { kind: 'analysis', check, value: String(value), samples, failures: progress.failureCount, at, detail: why }
  }
  const bad = probes.find(({ role, state }) => role === 'live' && state.state === 'failing')
  return { kind: 'health_check', check: bad?.probe ?? '', value: bad?.samples.at(-1)?.detail ?? '', at, detail: why }
}
