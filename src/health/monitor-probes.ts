import type { HealthSample } from '../domain/health-sample.ts'
import type { Probe } from './probe.ts'
import { runRound, type HealthContext } from './run-round.ts'
import { runSchedule } from './run-schedule.ts'

/** So that many checks do not all ask in the same moment, their first rounds are spread over at most this long. */
const SPREAD_MS = 1000

/** Every check at its own times, none of them overlapping itself, until the signal aborts. */
export async function monitorProbes(
  probes: readonly Probe[],
  context: HealthContext,
  onSample: (sample: HealthSample, probe: Probe) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    probes.map((probe, index) => {
      const { intervalMs, initialDelayMs } = probe.check
      const delayMs = initialDelayMs + (index / probes.length) * Math.min(SPREAD_MS, intervalMs)
      const round = async (lateMs: number): Promise<void> => {
        const sample = await runRound(probe, context, lateMs, signal).catch((error: unknown) => {
          if (!signal.aborted) throw error
          return undefined
        })
        if (sample) onSample(sample, probe)
      }
      return runSchedule({ intervalMs, delayMs }, context.platform.clock, round, signal)
    }),
  )
}
