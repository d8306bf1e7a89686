import { own } from '../../../domain/text/own.ts'
import type { Config } from '../../../config/config.ts'
import { triggerRecord } from '../../../domain/health/trigger.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { WatchView } from '../../../events/project-watch.ts'
import type { StampedWatch } from '../../../events/watch-events.ts'
import { startWatch } from '../../watch/start-watch.ts'
import type { WatchHandle, WatchRequest } from '../../watch/watch.ts'
import { analysisEvidence, analysisFailure } from './analysis-evidence.ts'
import { beginAgain } from '../recovery/begin-again.ts'
import { inconclusive, passed, skipped, unhealthy, type DeployContext, type StageOutcome } from '../deploy-context.ts'

/** Since it began, ms: an older watch was begun by another process, or before something else had to be done. */
const ENTRY_MS = 1000

/**
 * Watches the version that has all of the traffic for the whole of its window: single rounds are not kept, so one that was
 * broken off begins again. The verdict goes into its entry of the history.
 */
export async function watchVersion(context: DeployContext, index: number, signal: AbortSignal): Promise<StageOutcome> {
  const { parts, recorder, lock } = context
  const { clock } = parts.platform
  const { stages, deploymentId } = recorder.view
  const begun = stages[index]
  if (begun?.stage.kind !== 'watch') throw new BagboyError('BUG', `stage ${index} is no watch`)
  const { ms } = begun.stage
  const ageMs = Date.parse(clock.now()) - Date.parse(begun.startedAt ?? clock.now())
  if (ageMs > ENTRY_MS) await beginAgain(context, index, ms)
  const request: WatchRequest = {
    until: 'window',
    mode: 'off',
    hasOperator: false,
    endsWithDecision: false,
    windowMs: ms,
    reason: '',
    incident: '',
    ...(deploymentId === null ? {} : { judges: deploymentId }),
  }
  const handle = startWatch(parts, request, { lock })
  const stop = (): void => handle.stop('the deploy does something else first')
  signal.addEventListener('abort', stop, { once: true })
  try {
    await relay(context, index, handle)
    const { result, view } = await handle.result
    signal.throwIfAborted()
    if (result.kind !== 'judged') throw new BagboyError('BUG', `The watch of a window ended with ${result.kind}.`)
    if (result.verdict === 'healthy') return passed('healthy')
    if (result.verdict === 'unknown') {
      return mayCount(parts.config.health) ? inconclusive(result.why) : skipped(result.why)
    }
    return unhealthyOutcome(view, result.why, clock.now())
  } catch (error) {
    if (error instanceof BagboyError && error.code === 'HEALTH_NOT_CONFIGURED') return skipped('nothing can be watched')
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** Whether any configured check decides about what is live; where none does, no health is read. */
function mayCount({ checks, analysis }: Config['health']): boolean {
  const isCritical = checks.some(({ severity, target }) => severity === 'critical' && target !== 'preview')
  return isCritical || analysis.checks.some(({ isDryRun }) => !isDryRun)
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
function unhealthyOutcome({ rules, analyses, analysis, probes }: WatchView, why: string, at: string): StageOutcome {
  const met = rules.find(({ result }) => result === 'met')
  if (met) return unhealthy(why, triggerRecord(met, at))
  const failed = analysis.checks.find(({ name }) => own(analyses, name)?.progress.status === 'failed')
  const found = failed && own(analyses, failed.name)
  if (found) {
    const evidence = analysisEvidence(failed, { ...found.progress, decidedBy: found.measurement })
    return unhealthy(analysisFailure(evidence), evidence)
  }
  const bad = probes.find(({ role, state }) => role === 'live' && state.state === 'failing')
  const value = bad?.samples.at(-1)?.detail ?? ''
  return unhealthy(why, { kind: 'health_check', check: bad?.probe ?? '', value, at, detail: why })
}
