import type { AnalysisPlan, Measurement } from '../domain/health/analysis.ts'
import type { HealthSeverity } from '../domain/health/health-check.ts'
import type { HealthSample, HealthVerdict } from '../domain/health/health-sample.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import type { RuleState } from '../domain/health/trigger.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Phase, Signal } from '../machine/transitions.ts'

/** What follows from a trigger: it is acted on, a plan is made and waits, or it is only reported. */
export type WatchMode = 'auto' | 'propose' | 'off'

/** `unknown`: inconclusive. */
export type ReleaseVerdict = 'healthy' | 'unhealthy' | 'unknown'

/** A watched check of one copy. */
export interface WatchedProbe {
  readonly probe: string
  /** Name of its check. */
  readonly check: string
  readonly kind: 'http' | 'command' | 'tcp'
  /** Whether it checks what serves users, or the target of a rollback. */
  readonly role: 'live' | 'target'
  /** `active`, `preview`, `blue`, `green`. */
  readonly place: string
  readonly severity: HealthSeverity
  readonly intervalMs: number
  readonly failureThreshold: number
  readonly successThreshold: number
}

/** The progress of an analysis. */
export interface AnalysisProgress {
  readonly status: 'running' | 'successful' | 'failed' | 'inconclusive'
  readonly failureCount: number
  readonly inconclusiveCount: number
  readonly successCount: number
  readonly errorCount: number
  readonly why: string
}

/** Two figures: of the live version, and of the one before. */
export interface Comparison {
  readonly what: string
  readonly live: string
  readonly other: string
  readonly isOtherBad: boolean
}

/**
 * Everything a watch reports about the health of a release. Names and payloads are public (`docs/events.md`): additions
 * only.
 */
export type WatchEvent =
  | {
      readonly type: 'watch.started'
      readonly app: string
      readonly environment: string
      readonly version: string
      /** The target of an automatic rollback; `null` when no version is safe. */
      readonly target: string | null
      readonly mode: WatchMode
      readonly probes: readonly WatchedProbe[]
      readonly analysis: AnalysisPlan
      readonly rules: readonly RuleState[]
      /** When a watch of a window is over; `null` for one that goes on. */
      readonly endsAt: string | null
    }
  | { readonly type: 'phase.changed'; readonly signal: Signal; readonly from: Phase; readonly to: Phase }
  /** One round of one probe. */
  | { readonly type: 'health.sampled'; readonly sample: HealthSample; readonly nextAt: string }
  /** A check changed its state, by its thresholds. */
  | {
      readonly type: 'health.changed'
      readonly probe: string
      readonly from: HealthVerdict
      readonly to: HealthVerdict
      readonly detail: string
    }
  | { readonly type: 'analysis.measured'; readonly measurement: Measurement; readonly progress: AnalysisProgress }
  /** An analysis is inconclusive: it starts no automatic rollback. */
  | { readonly type: 'analysis.inconclusive'; readonly check: string; readonly why: string }
  /** The state of the rules, when it has changed. */
  | { readonly type: 'trigger.evaluated'; readonly rules: readonly RuleState[] }
  /** A rule is met; the evidence is in its conditions. */
  | { readonly type: 'trigger.fired'; readonly rule: RuleState }
  /** A rule that was met is no longer met, before anything was done. */
  | { readonly type: 'trigger.cleared' }
  | { readonly type: 'mode.changed'; readonly mode: WatchMode; readonly why: string }
  /** Before anything moves, the target was checked and the version before was compared. */
  | {
      readonly type: 'target.checked'
      readonly version: string
      readonly samples: readonly HealthSample[]
      readonly comparisons: readonly Comparison[]
    }
  /** The trigger is not acted on, with the reason. */
  | { readonly type: 'rollback.refused'; readonly error: ErrorReport }
  /** The plan is made; a person has to approve it. */
  | { readonly type: 'rollback.proposed'; readonly plan: RollbackPlan; readonly why: string }
  | { readonly type: 'countdown.started'; readonly plan: RollbackPlan; readonly ms: number; readonly endsAt: string }
  | { readonly type: 'countdown.ended'; readonly by: 'time' | 'veto' | 'recovery' }
  /** The engine begins the plan as a run of the same id. */
  | { readonly type: 'rollback.approved'; readonly plan: RollbackPlan }
  /** The result of the watched window, as written into the history. */
  | {
      readonly type: 'watch.judged'
      readonly verdict: ReleaseVerdict
      readonly watchedMs: number
      readonly why: string
      /** History id of the entry; `null` when none was written. */
      readonly deploymentId: number | null
    }
  | { readonly type: 'watch.ended'; readonly why: string }

/** A numbered event: `seq` counts from 1 without gaps within a watch. */
export type StampedWatch = WatchEvent & { readonly watch: string; readonly seq: number; readonly at: string }
