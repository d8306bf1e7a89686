import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { JsonObject, Json } from '../domain/text/json.ts'
import type { Action, Finding, PlanStep, RollbackPlan } from '../domain/plan.ts'
import type { Phase, Signal } from '../machine/transitions.ts'
import type { StepStatus } from '../machine/step-status.ts'

export type Direction = 'do' | 'undo'
export type RunResult = 'complete' | 'partial' | 'failed' | 'aborted' | 'undone' | 'manual'

/** What a registry really serves now, as read by the run. */
export interface Observation {
  readonly step: string
  readonly pointer: Json
  /** The bare version users get; `null` when it is unknown. */
  readonly serving: string | null
  readonly agrees: boolean
  /** Its answers alternated for as long as it was read. */
  readonly isUnsteady?: boolean
}

/** The owner whose lock was taken. Times are those of that owner's clock. */
export interface PreviousHolder {
  readonly epoch: number
  readonly who: string
  readonly host: string
  readonly pid: number
  readonly since: string
  readonly lastBeat: string
}

/** An explicit takeover of a run that was not proved to be the user's: the reason, and why it is not proved. */
export interface ForeignTakeover {
  readonly reason: string
  readonly origin: string
}

/**
 * Everything a run reports about itself. Names and payloads are public (`docs/events.md`): additions only. The journal is
 * this stream on disk, so a payload is JSON and holds no secret.
 */
export type RunEvent =
  | {
      readonly type: 'run.started'
      readonly plan: RollbackPlan
      readonly planHash: string
      readonly epoch: number
      readonly actor: JsonObject
      readonly tool: string
    }
  /** Another process, or the same operator after a crash, took the run over under a new epoch. */
  | {
      readonly type: 'run.adopted'
      readonly epoch: number
      readonly actor: JsonObject
      /** `resume`, `undo`, `skip`, `hand over`. */
      readonly purpose?: string
      /** The owner that had the lock and did not release it; `null` when it was released. */
      readonly from?: PreviousHolder | null
      /** How it was known that this owner has stopped; empty when the lock was released. */
      readonly why?: string
      /** The current configuration, if it differs from the one of the plan. */
      readonly notes?: readonly string[]
      /** Only for a run that this user did not write on this machine. */
      readonly takeover?: ForeignTakeover
    }
  | { readonly type: 'phase.changed'; readonly signal: Signal; readonly from: Phase; readonly to: Phase }
  | { readonly type: 'finding.reported'; readonly finding: Finding }
  /** Decided once and durable: resume never decides again. */
  | { readonly type: 'run.decided'; readonly direction: Direction; readonly reason: string }
  | { readonly type: 'step.started'; readonly step: string; readonly direction: Direction; readonly attempt: number }
  /** Durable before any effect. `undo` is the compensation, owed from this record on. */
  | {
      readonly type: 'step.intent'
      readonly step: string
      readonly direction: Direction
      /** Idempotency key: stable across attempts and processes. */
      readonly key: string
      readonly attempt: number
      readonly pre: Json
      readonly want: Json
      /** The actions about to be sent. For a step that was planned without a read, only this record has them. */
      readonly actions: readonly Action[]
      readonly undo: readonly Action[]
      /** The pin of the target, for a step that was planned before its registry could be read. */
      readonly pin?: Json
      /** The manual compensation, one command a line. */
      readonly undoByHand?: readonly string[]
    }
  /** `done` of `total` real units: actions sent and agreeing reads made. */
  | {
      readonly type: 'step.progress'
      readonly step: string
      readonly status: 'executing' | 'verifying'
      readonly done: number
      readonly total: number
      readonly label: string
    }
  /** What the registry answered; informative, never proof. */
  | {
      readonly type: 'step.answered'
      readonly step: string
      readonly action: string
      readonly error: ErrorReport | null
      /** The action did not change the pointer, regardless of the answer: there is nothing to undo. */
      readonly movesNothing?: boolean
    }
  /** A person has to do it: the required result, and how to reach it. */
  | {
      readonly type: 'step.waiting'
      readonly step: string
      readonly direction: Direction
      readonly pre: Json
      readonly want: Json
      readonly byHand: readonly string[]
    }
  /** The registry's entry now moves less than was planned: from here on this is the goal of the step. */
  | {
      readonly type: 'step.narrowed'
      readonly step: string
      readonly before: Json
      readonly want: Json
      readonly actions: readonly Action[]
      readonly undo: readonly Action[]
    }
  | {
      readonly type: 'step.retrying'
      readonly step: string
      readonly attempt: number
      readonly delayMs: number
      readonly error: ErrorReport
    }
  /** The read-back: the only thing that completes a step. */
  | {
      readonly type: 'step.verified'
      readonly step: string
      readonly direction: Direction
      readonly proof: Json
      readonly revision: string | null
      readonly readCount: number
    }
  | {
      readonly type: 'step.finished'
      readonly step: string
      readonly status: StepStatus
      readonly detail: string
      readonly error: ErrorReport | null
      readonly durationMs: number
    }
  | {
      readonly type: 'operator.decided'
      readonly step: string
      readonly decision: string
      readonly reason: string
      /** For `overwrite`: the value that another party put there. Only this value may be overwritten. */
      readonly observed?: Json
    }
  /** A registry that the plan leaves unchanged was proved to be at the target; `step` is the id it would have as a step. */
  | { readonly type: 'exclusion.verified'; readonly step: string; readonly pointer: Json; readonly readCount: number }
  /** A registry that the plan leaves unchanged is not at the target: it gets a step. */
  | { readonly type: 'step.added'; readonly step: string; readonly plan: PlanStep; readonly reason: string }
  | {
      readonly type: 'sweep.finished'
      readonly observations: readonly Observation[]
      /** Registries that are not part of the run: skipped, or not part of the target. */
      readonly excluded?: readonly Observation[]
    }
  /** Writes without an answer may still arrive: every registry is read once more after `waitMs`. */
  | { readonly type: 'run.settling'; readonly waitMs: number }
  | { readonly type: 'hold.placed'; readonly version: string; readonly reason: string }
  | { readonly type: 'hold.lifted'; readonly version: string; readonly reason: string }
  | { readonly type: 'history.committed'; readonly deploymentId: number; readonly revision: number }
  | { readonly type: 'run.finished'; readonly result: RunResult; readonly exitCode: number; readonly summary: string }

/** A numbered event: `seq` counts from 1 without gaps within a run. */
export type Stamped = RunEvent & { readonly run: string; readonly seq: number; readonly at: string }
