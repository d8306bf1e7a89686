import type { HealthCheck } from '../domain/health/health-check.ts'
import type { HealthSample } from '../domain/health/health-sample.ts'

/** Which copy of the application is asked. */
export type ProbeTarget = 'active' | 'preview' | 'blue' | 'green'

/** A check of one copy: everything in it is filled in. */
export interface Probe {
  /** The check's name, with its place where that does not go without saying: `ready`, `ready@green`. */
  readonly id: string
  readonly target: ProbeTarget
  readonly check: HealthCheck
  /** Why it cannot be asked at all; empty when it can. */
  readonly problem: string
}

/** What one try found. */
export type Answer = Pick<HealthSample, 'verdict' | 'latencyMs' | 'detail' | 'evidence'>
