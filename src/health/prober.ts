import type { HealthSample } from '../domain/health/health-sample.ts'
import type { Probe } from './probe.ts'
import { runRound, type HealthContext } from './run-round.ts'
import { runSchedule } from './run-schedule.ts'

/** Asks a set of probes; no probe is ever asked twice at the same time. */
export interface Prober {
  /** Every check at its own times, until the signal aborts. */
  run(): Promise<void>
  /** Every check that is not being asked, now. */
  now(): Promise<void>
}

/** So that many checks do not all ask in the same moment, their first rounds are spread over at most this long. */
const SPREAD_MS = 1000

export function createProber(
  probes: readonly Probe[],
  context: HealthContext,
  onSample: (sample: HealthSample, probe: Probe) => void,
  signal: AbortSignal,
): Prober {
  const busy = new Set<Probe>()

  async function round(probe: Probe, lateMs: number): Promise<void> {
    if (busy.has(probe)) return
    busy.add(probe)
    try {
      const sample = await runRound(probe, context, lateMs, signal)
      if (!signal.aborted) onSample(sample, probe)
    } catch (error) {
      // A round that was cancelled says nothing.
      if (!signal.aborted) throw error
    } finally {
      busy.delete(probe)
    }
  }

  return {
    now: async () => {
      await Promise.all(probes.map((probe) => round(probe, 0)))
    },
    run: async () => {
      const schedules = probes.map((probe, index) => {
        const { intervalMs, initialDelayMs } = probe.check
        const delayMs = initialDelayMs + (index / probes.length) * Math.min(SPREAD_MS, intervalMs)
        const times = { intervalMs, delayMs }
        return runSchedule(times, context.platform.clock, (lateMs) => round(probe, lateMs), signal)
      })
      await Promise.all(schedules)
    },
  }
}
