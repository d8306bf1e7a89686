import type { Config } from '../../../config/config.ts'
import type { AnalysisCheck } from '../../../domain/health/analysis.ts'
import type { DeployPlan } from '../../../domain/traffic/deploy-plan.ts'
import { otherSlot } from '../../../domain/traffic/traffic.ts'
import { bareVersion } from '../../../domain/version.ts'
import type { MeasureContext } from '../../../health/measure.ts'
import { planProbes } from '../../../health/plan-probes.ts'
import type { Probe } from '../../../health/probe.ts'
import { createProber } from '../../../health/prober.ts'
import { createWatchFacts, type WatchFacts } from '../../watch/watch-facts.ts'
import type { DeployContext } from '../deploy-context.ts'
import { slotProbes } from './slot-probes.ts'

export interface PreparedAnalysis {
  readonly seen: WatchFacts
  readonly measuring: MeasureContext
  /** Probes the slot itself at the times of its checks, when a check is measured from that. */
  readonly probing: Promise<void>
}

/** What it takes to measure the checks of a stage. */
export function prepareAnalysis(
  { parts, recorder }: DeployContext,
  checks: readonly AnalysisCheck[],
  signal: AbortSignal,
): PreparedAnalysis {
  const { config, platform } = parts
  const { plan } = recorder.view
  const values = {
    app: config.app,
    environment: config.environment,
    version: bareVersion(plan.version),
    slot: plan.slot,
    stable_color: otherSlot(plan.slot),
  }
  const usesProbes = checks.some(({ source }) =>
    config.health.sources.some((one) => one.name === source && one.type === 'probes'),
  )
  const live = usesProbes ? probesFor(config, plan) : []
  const seen = createWatchFacts(config, { live, values }, () => platform.clock.elapsedMs())
  const measuring = { platform, sources: config.health.sources, values, probes: seen.probes, windowFor: seen.windowFor }
  const prober = createProber(live, { platform, root: config.root }, seen.addSample, signal)
  return { seen, measuring, probing: prober.run() }
}

/** The slot itself where a check can probe it; else what users get, of which the slot answers its share. */
function probesFor(config: Config, { slot, version }: DeployPlan): readonly Probe[] {
  const own = slotProbes(config, { slot, version, isIdle: true })
  if (own.some(({ check }) => check.severity === 'critical')) return own
  const subject = { role: 'live', version: bareVersion(version), values: { app: config.app } } as const
  return planProbes(config.health.checks, { ...config.health.slots, active: null }, subject)
}
