import type { AnalysisPlan, Measurement } from '../domain/health/analysis.ts'
import type { HealthSeverity } from '../domain/health/health-check.ts'
import type { HealthSample, HealthVerdict } from '../domain/health/health-sample.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import type { RuleState } from '../domain/health/trigger.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Phase, Signal } from '../machine/transitions.ts'

/** What is done when a trigger fires: it is acted on, a plan is made and waits, or it is only said. */
export type WatchMode = 'auto' | 'propose' | 'off'

/** `unknown`: nothing could be told. */
export type ReleaseVerdict = 'healthy' | 'unhealthy' | 'unknown'

/** A check of one copy, as it is watched. */
export interface WatchedProbe {
  readonly probe: string
  /** Name of its check. */
  readonly check: string
  readonly kind: 'http' | 'command' | 'tcp'
  /** Whether it asks what serves users, or the version that would be gone back to. */
  readonly role: 'live' | 'target'
  /** `active`, `preview`, `blue`, `green`. */
  readonly place: string
  readonly severity: HealthSeverity
  readonly intervalMs: number
  readonly failureThreshold: number
  readonly successThreshold: number
}

/** Where an analysis stands. */
export interface AnalysisProgress {
  readonly status: 'running' | 'successful' | 'failed' | 'inconclusive'
  readonly failureCount: number
  readonly inconclusiveCount: number
  readonly successCount: number
  readonly errorCount: number
  readonly why: string
}

/** Two figures side by side: what is live, and what was live before. */
export interface Comparison {
  readonly what: string
  readonly live: string
  readonly other: string
  readonly isOtherBad: boolean
}

/**
 * Everything a watch says about the health of a release. Names and payloads are public (`docs/events.md`): additions
 * only.
 */
export type WatchEvent =
  | {
      readonly type: 'watch.started'
      readonly app: string
      readonly environment: string
      readonly version: string
      /** Where an automatic rollback would go; `null` when no version is safe. */
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
  /** An analysis can say nothing: nothing is rolled back by itself because of it. */
  | { readonly type: 'analysis.inconclusive'; readonly check: string; readonly why: string }
  /** Where the rules stand; said when that changed. */
  | { readonly type: 'trigger.evaluated'; readonly rules: readonly RuleState[] }
  /** A rule is met; the evidence is in its conditions. */
  | { readonly type: 'trigger.fired'; readonly rule: RuleState }
  /** A rule that was met is not any more, before anything was done. */
  | { readonly type: 'trigger.cleared' }
  | { readonly type: 'mode.changed'; readonly mode: WatchMode; readonly why: string }
  /** The version to go back to was asked, and what was live before was compared, before anything moves. */
  | {
      readonly type: 'target.checked'
      readonly version: string
      readonly samples: readonly HealthSample[]
      readonly comparisons: readonly Comparison[]
    }
  /** Nothing is done about the trigger, and why. */
  | { readonly type: 'rollback.refused'; readonly error: ErrorReport }
  /** The plan is made; somebody has to approve it. */
  | { readonly type: 'rollback.proposed'; readonly plan: RollbackPlan; readonly why: string }
  | { readonly type: 'countdown.started'; readonly plan: RollbackPlan; readonly ms: number; readonly endsAt: string }
  | { readonly type: 'countdown.ended'; readonly by: 'time' | 'veto' | 'recovery' }
  /** The plan is about to be run. */
  | { readonly type: 'rollback.approved'; readonly plan: RollbackPlan }
  /** What the watched window says of the version, as it was written into the history. */
  | {
      readonly type: 'watch.judged'
      readonly verdict: ReleaseVerdict
      readonly watchedMs: number
      readonly why: string
      /** History id of the entry; `null` when none was written. */
      readonly deploymentId: number | null
    }
  | { readonly type: 'watch.ended'; readonly why: string }

/** An event with its place: `seq` counts from 1 without gaps within a watch. */
export type StampedWatch = WatchEvent & { readonly watch: string; readonly seq: number; readonly at: string }
