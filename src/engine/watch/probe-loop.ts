import type { AnalysisCheck } from '../../domain/health/analysis.ts'
import { liveAnalysis } from '../../health/decide/analysis-condition.ts'
import { judgeAnalysis } from '../../health/decide/judge-analysis.ts'
import { measure } from '../../health/measure.ts'
import { createProber, type Prober } from '../../health/prober.ts'
import { runSchedule } from '../../health/run-schedule.ts'
import type { HealthSample } from '../../domain/health/health-sample.ts'
import type { Probe } from '../../health/probe.ts'
import type { WatchContext } from './watch-context.ts'
import { ERROR_RETRY_MS } from './watch-facts.ts'

export interface ProbeLoop {
  /** One round of every check and one measurement of every analysis. */
  once(): Promise<void>
  /** All of them at their times, until the watch is over. */
  run(): Promise<void>
}

/** Asks, measures, and says what it found; `onChange` is called whenever something new is known. */
export function createProbeLoop(context: WatchContext, onChange: () => void): ProbeLoop {
  const { recorder, seen, subjects, health, signal, measuring } = context
  const { analysis } = context.parts.config.health
  const { clock } = health.platform

  function onSample(sample: HealthSample, { check }: Probe): void {
    const before = stateOf(sample.probe)
    seen.addSample(sample)
    const nextAt = new Date(Date.parse(sample.at) + check.intervalMs).toISOString()
    recorder.emit({ type: 'health.sampled', sample, nextAt })
    const after = stateOf(sample.probe)
    if (before !== after) {
      recorder.emit({ type: 'health.changed', probe: sample.probe, from: before, to: after, detail: sample.detail })
    }
    onChange()
  }

  const stateOf = (probe: string) =>
    recorder.view.probes.find((one) => one.probe === probe)?.state.state ?? ('unknown' as const)

  /** @returns whether the source could be asked */
  async function measureOnce(check: AnalysisCheck): Promise<boolean> {
    const measurement = await measure(check, measuring, signal)
    seen.addMeasurement(measurement)
    const isBounded = context.request.until === 'window'
    const state = isBounded
      ? judgeAnalysis(check, seen.measurementsOf(check.name), { end: 'running', isBounded })
      : liveAnalysis(check, seen.facts())
    const { decidedBy: _decidedBy, ...progress } = state
    recorder.emit({ type: 'analysis.measured', measurement, progress })
    onChange()
    return measurement.error === ''
  }

  /** A source that is down is asked again soon, until it answers. */
  async function measureUntilAnswered(check: AnalysisCheck): Promise<void> {
    while (!(await measureOnce(check))) {
      if (analysis.intervalMs <= ERROR_RETRY_MS) return
      await clock.sleep(ERROR_RETRY_MS, signal)
    }
  }

  const prober: Prober = createProber([...subjects.live, ...subjects.standby], health, onSample, signal)
  return {
    async once() {
      await Promise.all([prober.now(), ...analysis.checks.map(measureOnce)])
    },
    async run() {
      const measuringAt = { intervalMs: analysis.intervalMs, delayMs: analysis.initialDelayMs }
      await Promise.all([
        prober.run(),
        ...analysis.checks.map((check) =>
          runSchedule(measuringAt, clock, () => untilOver(measureUntilAnswered(check), signal), signal),
        ),
        runSchedule(
          { intervalMs: analysis.intervalMs, delayMs: analysis.intervalMs },
          clock,
          () => {
            seen.markEvaluation()
            onChange()
            return Promise.resolve()
          },
          signal,
        ),
      ])
    },
  }
}

/** What is broken off because the watch is over is no error. */
async function untilOver(work: Promise<void>, signal: AbortSignal): Promise<void> {
  await work.catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
