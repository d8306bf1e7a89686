import type { Config } from '../config/config.ts'
import type { Deployment } from '../domain/deployment.ts'
import type { Finding } from '../domain/plan.ts'
import type { Copies } from '../health/plan-probes.ts'
import type { Platform } from '../platform/platform.ts'
import type { Subject } from '../registries/driver.ts'

/** What the checks of a target may read. They read and run what the configuration names; they change nothing. */
export interface TargetContext {
  readonly platform: Platform
  readonly config: Config
  readonly active: Deployment
  readonly target: Deployment
  /** Every package of the plan. */
  readonly subjects: readonly Subject[]
  readonly copies: Copies
  readonly signal: AbortSignal
}

export type FindingDraft = Omit<Finding, 'package'> & Partial<Pick<Finding, 'package'>>

/** As severe as its level says; nothing when the check is off. */
export function atLevel(
  level: 'off' | 'warn' | 'block',
  draft: Omit<FindingDraft, 'severity'>,
): readonly FindingDraft[] {
  return level === 'off' ? [] : [{ ...draft, severity: level }]
}
