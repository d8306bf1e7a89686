import type { BlueGreenConfig, TrafficStep } from '../../../config/blue-green-config.ts'
import type { Config } from '../../../config/config.ts'
import type { DeployStage } from '../../../domain/traffic/deploy-plan.ts'

/** What a deploy of this project goes through, in order. Pure. */
export function planStages({ blueGreen, health, validation }: Config): readonly DeployStage[] {
  if (!blueGreen) return []
  const { analysis, checks } = health
  const analysisMs = analysis.initialDelayMs + analysis.windowMs
  const isWatched = analysis.windowMs > 0 && checks.length + analysis.checks.length > 0
  return [
    ...(blueGreen.deploy ? [{ kind: 'command', ...blueGreen.deploy } as const] : []),
    { kind: 'checks' },
    ...(validation.smokeTests ? [{ kind: 'smoke' } as const] : []),
    ...gateOf(blueGreen),
    ...migration(blueGreen.traffic?.steps ?? [], analysisMs),
    { kind: 'record' },
    ...(isWatched ? [{ kind: 'watch', ms: analysis.windowMs } as const] : []),
    ...drainStage(blueGreen),
  ]
}

/** What becomes of the sessions on the slot that has lost all of its traffic. Pure. */
export function drainStage({ drainMs }: BlueGreenConfig): readonly DeployStage[] {
  return drainMs === null ? [] : [{ kind: 'drain', ms: drainMs }]
}

/** `auto_promote_after` ends the waiting by itself; without it `auto_promote` says whether there is any. */
function gateOf({ autoPromote, autoPromoteAfterMs }: BlueGreenConfig): readonly DeployStage[] {
  if (autoPromoteAfterMs > 0) return [{ kind: 'gate', ms: autoPromoteAfterMs }]
  return autoPromote ? [] : [{ kind: 'gate', ms: null }]
}

/** However the file ends, a deploy is over when its version has all of the traffic. */
function migration(steps: readonly TrafficStep[], analysisMs: number): readonly DeployStage[] {
  const stages = steps.map((step): DeployStage => (step.kind === 'analysis' ? { ...step, ms: analysisMs } : step))
  const last = steps.findLast((step) => step.kind === 'weight')
  return last?.percent === 100 ? stages : [...stages, { kind: 'weight', percent: 100 }]
}
