import type { HeldLock } from '../../lock/lock.ts'
import type { BoundTraffic } from '../../planner/bind-traffic.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { DeployView } from '../../events/deploy-view.ts'
import type { Recorder } from '../../operation/recorder.ts'
import type { JsonObject } from '../../domain/text/json.ts'
import type { DeployEvent, StageResult } from '../../events/deploy-events.ts'

/** What the parts of one deploy share. */
export interface DeployContext {
  readonly parts: EngineParts
  readonly traffic: BoundTraffic
  readonly recorder: Recorder<DeployEvent, DeployView>
  readonly lock: HeldLock
  /** Aborts when the process has to let it go: the deploy stays open, as it stands. */
  readonly signal: AbortSignal
}

/** What came of a stage. */
export interface StageOutcome {
  readonly result: StageResult
  /** In one line. Foreign text. */
  readonly detail: string
  /** For the history, of a verdict. */
  readonly evidence: JsonObject | null
  readonly isVersionBad: boolean
}

export function passed(detail = ''): StageOutcome {
  return { result: 'passed', detail, evidence: null, isVersionBad: false }
}

export function skipped(detail: string): StageOutcome {
  return { result: 'skipped', detail, evidence: null, isVersionBad: false }
}

export function inconclusive(detail: string, evidence: JsonObject | null = null): StageOutcome {
  return { result: 'inconclusive', detail, evidence, isVersionBad: false }
}

/** The version itself is bad. */
export function unhealthy(detail: string, evidence: JsonObject): StageOutcome {
  return { result: 'failed', detail, evidence, isVersionBad: true }
}
