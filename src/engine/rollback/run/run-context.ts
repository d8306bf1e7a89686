import { createHash } from 'node:crypto'
import type { Approver } from '../../../approval/ask.ts'
import type { Config } from '../../../config/config.ts'
import type { Direction } from '../../../events/events.ts'
import type { StepView } from '../../../events/project-run.ts'
import type { Json, JsonObject } from '../../../domain/text/json.ts'
import type { History } from '../../../domain/deployment.ts'
import type { HistoryStore } from '../../../history/history-store.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import type { BoundRegistry, Registries } from '../../../planner/bind-registries.ts'
import type { DriverContextFor } from '../../../planner/inspect-all.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { ActContext, Subject } from '../../../registries/driver.ts'
import type { LateRequests } from '../step/late-requests.ts'
import type { RunRecorder } from './run-recorder.ts'
import type { RunControl } from './run-control.ts'
import { createWriteFence } from '../step/write-fence.ts'
import type { Preflight } from '../plan/preflight-reading.ts'

/** What the parts of one run share. */
export interface RunContext {
  readonly run: string
  readonly config: Config
  readonly platform: Platform
  readonly registries: Registries
  readonly contextFor: DriverContextFor
  readonly recorder: RunRecorder
  readonly lock: HeldLock
  readonly history: HistoryStore<History>
  readonly actor: JsonObject
  readonly approver: Approver
  readonly control: RunControl
  /** What validation reads; nothing is written because of it. */
  readonly preflight: Preflight
  readonly lateRequests: LateRequests
  /** Ids of the only steps to go on with; `null` = all that are left. */
  readonly only: readonly string[] | null
}

export function subjectOf({ plan }: StepView): Subject {
  return { package: plan.package, from: plan.from, to: plan.to }
}

/** Stable across attempts and processes, and planted in the registry where it keeps such a thing. */
export function idempotencyKey(run: string, step: string, direction: Direction): string {
  return createHash('sha256').update(`${run}|${step}|${direction}`).digest('hex').slice(0, 16)
}

export interface Acting {
  readonly registry: BoundRegistry
  readonly step: StepView
  readonly direction: Direction
  /** What may be written over. */
  readonly expected: Json
  /** Where the step leads. */
  readonly wants: Json
  readonly signal: AbortSignal
}

export function actContext(
  context: RunContext,
  { registry, step, direction, expected, wants, signal }: Acting,
): ActContext<unknown> {
  const { lock, config, platform, approver, recorder } = context
  return {
    ...context.contextFor(registry, signal),
    key: idempotencyKey(context.run, step.id, direction),
    subject: subjectOf(step),
    expected,
    wants,
    restores: direction === 'undo' || recorder.view.plan.kind === 'undo',
    reason: recorder.view.plan.reason,
    fence: createWriteFence({ clock: platform.clock, lock, ttlMs: config.lock.ttlMs }),
    oneTimePassword: () =>
      approver.ask({ id: 'one-time-password', registry: step.plan.package.registry, default: '' }, signal),
  }
}
