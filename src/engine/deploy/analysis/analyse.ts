import type { AnalysisCheck, Measurement } from '../../../domain/health/analysis.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { judgeAnalysis, type AnalysisEnd, type AnalysisState } from '../../../health/decide/judge-analysis.ts'
import { measure } from '../../../health/measure.ts'
import { runSchedule } from '../../../health/run-schedule.ts'
import { ERROR_RETRY_MS } from '../../watch/watch-facts.ts'
import { prepareAnalysis } from './prepare-analysis.ts'
import { analysisEvidence, analysisFailure } from './analysis-evidence.ts'
import { beginAgain, wasLeftAlone } from '../recovery/begin-again.ts'
import { inconclusive, passed, unhealthy, type DeployContext, type StageOutcome } from '../deploy-context.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

/**
 * Measures the checks of a stage until each has said what it has to say, one has failed, or the time is over. What was
 * measured before a crash counts when it is gone on with soon, and when it is enough; else it begins again.
 */
export async function analyse(context: DeployContext, index: number, signal: AbortSignal): Promise<StageOutcome> {
  const { parts, recorder } = context
  const { analysis } = parts.config.health
  const { clock } = parts.platform
  const begun = recorder.view.stages[index]
  if (begun?.stage.kind !== 'analysis') throw new BagboyError('BUG', `stage ${index} is no analysis`)
  const { checks: names, ms } = begun.stage
  const checks = analysis.checks.filter(({ name }) => names.includes(name))
  const gone = names.filter((name) => !checks.some((check) => check.name === name))
  if (gone.length > 0) return inconclusive(`${gone.join(', ')} is not configured any more`)
  const found = statesOf(recorder.view, index, checks, 'running')
  if (isDecided(found)) return outcomeOf(found)
  const schedule = { intervalMs: analysis.intervalMs, delayMs: analysis.initialDelayMs }
  if (wasLeftAlone(begun, schedule, clock.now())) await beginAgain(context, index, ms)
  const { measurements, endsAt } = recorder.view.stages[index] ?? begun
  const times = measurements.length === 0 ? schedule : { ...schedule, delayMs: 0 }
  const over = new AbortController()
  const running = AbortSignal.any([signal, over.signal])
  const { seen, measuring, probing } = prepareAnalysis(context, checks, running)
  const finish = (): void => over.abort()

  async function measureUntilAnswered(check: AnalysisCheck): Promise<void> {
    for (;;) {
      if (statesOf(recorder.view, index, [check], 'running')[0]?.state.status !== 'running') return
      const measurement = await measure(check, measuring, running)
      await record(context, index, check, measurement)
      if (isDecided(statesOf(recorder.view, index, checks, 'running'))) return finish()
      if (measurement.error === '' || analysis.intervalMs <= ERROR_RETRY_MS) return
      await clock.sleep(ERROR_RETRY_MS, running)
    }
  }

  const leftMs = Date.parse(endsAt ?? clock.now()) - Date.parse(clock.now())
  await Promise.all([
    untilOver(probing, running),
    ...checks.map((check) => runSchedule(times, clock, () => untilOver(measureUntilAnswered(check), running), running)),
    untilOver(clock.sleep(Math.max(0, leftMs), running), running).then(finish),
  ])
  signal.throwIfAborted()
  seen.markEvaluation()
  const states = statesOf(recorder.view, index, checks, 'over')
  return outcomeOf(states)
}

async function record(
  { recorder }: DeployContext,
  stage: number,
  check: AnalysisCheck,
  measurement: Measurement,
): Promise<void> {
  const all = [...measurementsOf(recorder.view, stage, check.name), measurement]
  const { decidedBy: _decidedBy, ...progress } = judgeAnalysis(check, all, { end: 'running', isBounded: true })
  await recorder.emit({ type: 'analysis.measured', stage, measurement, progress })
}

interface CheckedState {
  readonly check: AnalysisCheck
  readonly state: AnalysisState
}

function statesOf(
  view: DeployView,
  stage: number,
  checks: readonly AnalysisCheck[],
  end: AnalysisEnd,
): readonly CheckedState[] {
  return checks.map((check) => ({
    check,
    state: judgeAnalysis(check, measurementsOf(view, stage, check.name), { end, isBounded: true }),
  }))
}

function measurementsOf({ stages }: DeployView, stage: number, check: string): readonly Measurement[] {
  return stages[stage]?.measurements.filter((one) => one.check === check) ?? []
}

/** One failure is enough; otherwise all have to have ended. */
function isDecided(states: readonly CheckedState[]): boolean {
  const counting = states.filter(({ check }) => !check.isDryRun)
  return (
    counting.some(({ state }) => state.status === 'failed') || states.every(({ state }) => state.status !== 'running')
  )
}

function outcomeOf(states: readonly CheckedState[]): StageOutcome {
  const counting = states.filter(({ check }) => !check.isDryRun)
  const failed = counting.find(({ state }) => state.status === 'failed')
  if (failed) {
    const evidence = analysisEvidence(failed.check, failed.state)
    return unhealthy(analysisFailure(evidence), evidence)
  }
  const silent = counting.filter(({ state }) => state.status === 'inconclusive')
  if (silent.length > 0) {
    return inconclusive(silent.map(({ check, state }) => `${check.name} can say nothing: ${state.why}`).join('; '))
  }
  return passed(states.map(({ check, state }) => `${check.name} ${state.successCount} good`).join(', '))
}

/** What is broken off because the stage is over is no error. */
async function untilOver(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await work.catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
