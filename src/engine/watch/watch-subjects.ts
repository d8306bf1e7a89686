import type { Config } from '../../config/config.ts'
import type { Deployment, History } from '../../domain/deployment.ts'
import type { PlaceholderValues } from '../../domain/text/placeholders.ts'
import { bareVersion } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { planProbes, type Copies } from '../../health/plan-probes.ts'
import type { Probe } from '../../health/probe.ts'
import { resolveTarget } from '../../planner/resolve-target.ts'

/** What is watched: what is live, and what would be gone back to. */
export interface WatchSubjects {
  readonly active: Deployment
  /** `null`: no earlier version is safe. */
  readonly target: Deployment | null
  readonly live: readonly Probe[]
  /** Checks that can ask the target while it is not live. */
  readonly standby: readonly Probe[]
  /** For the queries of metric sources. */
  readonly values: PlaceholderValues
}

/** Which checks ask what. Pure. @throws NOTHING_LIVE without a live deployment */
export function watchSubjects(config: Config, history: History, copies: Copies, now: string): WatchSubjects {
  const { active, target } = pairOf(config, history, now)
  const values: PlaceholderValues = {
    app: config.app,
    environment: config.environment,
    ...(target ? { target_version: bareVersion(target.version) } : {}),
    ...(copies.active === null ? {} : { stable_color: copies.active === 'blue' ? 'green' : 'blue' }),
  }
  const { checks } = config.health
  return {
    active,
    target,
    live: planProbes(checks, copies, { role: 'live', version: bareVersion(active.version), values }),
    standby: target ? planProbes(checks, copies, { role: 'target', version: bareVersion(target.version), values }) : [],
    values: { ...values, version: bareVersion(active.version) },
  }
}

function pairOf(
  { health }: Config,
  history: History,
  now: string,
): { readonly active: Deployment; readonly target: Deployment | null } {
  const word = health.auto.target === 'previous' ? 'previous' : 'last-good'
  try {
    return resolveTarget(history, word, now)
  } catch (error) {
    const isNone = error instanceof BagboyError && (error.code === 'TARGET_UNSAFE' || error.code === 'TARGET_UNKNOWN')
    const active = history.deployments.find(({ status }) => status === 'active')
    if (!isNone || !active) throw error
    return { active, target: null }
  }
}
