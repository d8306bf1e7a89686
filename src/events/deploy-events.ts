import type { Measurement } from '../domain/health/analysis.ts'
import type { DeployCommand, DeployPlan } from '../domain/traffic/deploy-plan.ts'
import type { HealthSample, HealthVerdict } from '../domain/health/health-sample.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { PerSlot, Slot, TrafficSplit } from '../domain/traffic/traffic.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { ForeignTakeover, PreviousHolder } from './events.ts'
import type { AnalysisProgress } from './watch-events.ts'

/**
 * `promoted`: the version has all of the traffic and no check failed · `shifted`: traffic is as requested manually ·
 * `reverted`: the version was bad and all traffic is back · `refused`: it was bad or inconclusive before any traffic moved ·
 * `aborted`: a person ended it, or the decision came too late · `left`: it ended with the traffic as it was.
 */
export type DeployResult = 'promoted' | 'shifted' | 'reverted' | 'refused' | 'aborted' | 'left'

export type StageResult = 'passed' | 'failed' | 'inconclusive' | 'skipped'

/** `blue` and `green`: the state of a slot as the provider reports it. */
export type SlotStates = PerSlot<'up' | 'down' | 'unresolved' | 'stopped' | 'unknown'>

/** The decision that a person has to make before a deploy continues. */
export interface DeployQuestion {
  /**
   * `failed`: the version is bad and `on_failure` is `pause` · `inconclusive`: the result is unknown · `changed`: another
   * party changed the traffic · `other-slot-failing`: traffic should go back, but the slot it came from fails its own checks ·
   * `provider`: the balancer cannot be reached or refuses.
   */
  readonly kind: 'failed' | 'inconclusive' | 'changed' | 'other-slot-failing' | 'provider'
  readonly detail: string
  readonly choices: readonly DeployCommand[]
  /** For `provider`: its error. */
  readonly error: ErrorReport | null
}

/**
 * Everything a deploy reports about itself. Names and payloads are public (`docs/deploy-events.md`): additions only. The
 * journal is this stream on disk, so a payload is JSON and holds no secret.
 */
export type DeployEvent =
  | {
      readonly type: 'deploy.started'
      readonly plan: DeployPlan
      readonly epoch: number
      readonly actor: JsonObject
      readonly tool: string
    }
  /** Another process continues it under a new epoch. */
  | {
      readonly type: 'deploy.adopted'
      readonly epoch: number
      readonly actor: JsonObject
      readonly purpose: string
      /** The owner that had the lock and did not release it; `null` when it was released. */
      readonly from: PreviousHolder | null
      readonly why: string
      /** Only for a deploy that this user did not write on this machine. */
      readonly takeover?: ForeignTakeover
    }
  /** A person sent it a command. */
  | {
      readonly type: 'deploy.commanded'
      /** The id of the command; each command counts once. */
      readonly id: string
      readonly command: DeployCommand
      readonly by: string
      readonly reason: string
      /** Why the command was refused; empty when it was accepted. */
      readonly refusal: string
    }
  /** The decision to go back, made once and durable. */
  | {
      readonly type: 'deploy.decided'
      readonly direction: 'back'
      readonly reason: string
      /** The evidence for the verdict, as the history keeps it; `null` without a verdict. */
      readonly evidence: JsonObject | null
      /** The version itself was bad, not only its deployment. */
      readonly isVersionBad: boolean
      /** How the deploy ends when all traffic is back. */
      readonly result: 'reverted' | 'refused' | 'aborted'
    }
  /** A person has to decide before it continues. */
  | { readonly type: 'deploy.asked'; readonly question: DeployQuestion }
  /** Durable before the effect of the stage. Repeated when the stage begins again. */
  | {
      readonly type: 'stage.started'
      /** From 0, as in the plan. */
      readonly stage: number
      /** Absolute deadline, RFC 3339; `null` without one. */
      readonly endsAt: string | null
    }
  /** The deadline of a gate or pause is over. */
  | { readonly type: 'stage.expired'; readonly stage: number; readonly next: 'go-on' | 'back' | 'wait' }
  | {
      readonly type: 'stage.finished'
      readonly stage: number
      readonly result: StageResult
      readonly detail: string
      readonly evidence: JsonObject | null
      /** Whether a failure says that the version is bad. */
      readonly isVersionBad: boolean
      readonly durationMs: number
    }
  /** One round of one check of a slot. */
  | { readonly type: 'health.sampled'; readonly stage: number; readonly slot: Slot; readonly sample: HealthSample }
  /** A check of the version changed its state while it is watched. */
  | {
      readonly type: 'health.changed'
      readonly probe: string
      readonly from: HealthVerdict
      readonly to: HealthVerdict
      readonly detail: string
    }
  | {
      readonly type: 'analysis.measured'
      readonly stage: number
      readonly measurement: Measurement
      readonly progress: AnalysisProgress
    }
  /** The state that the provider reports, when a stage begins or when it has changed. */
  | {
      readonly type: 'traffic.observed'
      readonly split: TrafficSplit
      /** Since the provider began to count; `null` where it does not. */
      readonly requests: PerSlot<number> | null
      readonly states: SlotStates
      readonly warnings: readonly string[]
    }
  /** Durable before the write. */
  | {
      readonly type: 'traffic.intended'
      readonly from: TrafficSplit
      readonly to: TrafficSplit
      readonly revision: string
      readonly purpose: 'step' | 'restore' | 'revert'
    }
  /** The read-back: the only thing that completes a write. */
  | {
      readonly type: 'traffic.moved'
      readonly split: TrafficSplit
      readonly status: 'moved' | 'already'
      readonly requests: PerSlot<number> | null
      /** Open sessions on each slot at that time; absent if the provider does not report them. */
      readonly sessions?: PerSlot<number>
      /** The error that the write returned although the split is there. */
      readonly error: ErrorReport | null
    }
  /** What happened to the sessions on a slot that lost its traffic on the way back. Foreign text. */
  | { readonly type: 'traffic.drained'; readonly slot: Slot; readonly detail: string }
  /** The write was not done; reads confirm it if the balancer can be reached. */
  | { readonly type: 'traffic.refused'; readonly error: ErrorReport }
  /** The balancer could not be reached or was busy; the request is tried again. */
  | {
      readonly type: 'traffic.retrying'
      readonly attempt: number
      readonly delayMs: number
      readonly error: ErrorReport
    }
  /** Another party changed the traffic. */
  | { readonly type: 'traffic.changed'; readonly expected: TrafficSplit; readonly found: TrafficSplit }
  | { readonly type: 'hold.placed'; readonly version: string; readonly reason: string }
  | { readonly type: 'history.committed'; readonly deploymentId: number; readonly revision: number }
  /** Until then a rollback can return at once to the slot that lost its traffic. */
  | { readonly type: 'slot.kept'; readonly slot: Slot; readonly version: string; readonly until: string }
  | {
      readonly type: 'deploy.finished'
      readonly result: DeployResult
      readonly exitCode: number
      readonly summary: string
    }

/** A numbered event: `run` is the id of the deploy, `seq` counts from 1 without gaps within it. */
export type StampedDeploy = DeployEvent & { readonly run: string; readonly seq: number; readonly at: string }
