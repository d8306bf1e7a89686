import type { Measurement } from '../domain/health/analysis.ts'
import type { DeployCommand, DeployPlan } from '../domain/traffic/deploy-plan.ts'
import type { HealthSample, HealthVerdict } from '../domain/health/health-sample.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { PerSlot, Slot, TrafficSplit } from '../domain/traffic/traffic.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { ForeignTakeover, LockClaim } from './events.ts'
import type { AnalysisProgress } from './watch-events.ts'

/**
 * `promoted`: the version has all of the traffic and nothing speaks against it · `shifted`: traffic stands as it was asked
 * for by hand · `reverted`: it was bad and all traffic is back · `refused`: it was bad or could not be told before any traffic
 * moved · `aborted`: somebody ended it, or nobody decided in time · `left`: it ended with the traffic as it stood.
 */
export type DeployResult = 'promoted' | 'shifted' | 'reverted' | 'refused' | 'aborted' | 'left'

export type StageResult = 'passed' | 'failed' | 'inconclusive' | 'skipped'

/** `blue` and `green`: what the provider says of a slot. */
export type SlotStates = PerSlot<'up' | 'down' | 'unresolved' | 'stopped' | 'unknown'>

/** What has to be decided by a person before a deploy goes on. */
export interface DeployQuestion {
  /**
   * `failed`: the version is bad and `on_failure` is `pause` · `inconclusive`: nothing can be said · `changed`: somebody else
   * changed the traffic · `other-slot-failing`: traffic should go back and the slot it came from fails its own checks ·
   * `provider`: the balancer cannot be asked or refuses.
   */
  readonly kind: 'failed' | 'inconclusive' | 'changed' | 'other-slot-failing' | 'provider'
  readonly detail: string
  readonly choices: readonly DeployCommand[]
  /** Of `provider`: what it said. */
  readonly error: ErrorReport | null
}

/**
 * Everything a deploy says about itself. Names and payloads are public (`docs/deploy-events.md`): additions only. The
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
  /** Another process goes on with it under a new epoch. */
  | {
      readonly type: 'deploy.adopted'
      readonly epoch: number
      readonly actor: JsonObject
      readonly purpose: string
      /** Who had the lock and did not give it back; `null` when it was given back. */
      readonly from: LockClaim | null
      readonly why: string
      /** Of a deploy that this user had not written on this machine. */
      readonly takeover?: ForeignTakeover
    }
  /** Somebody told it something. */
  | {
      readonly type: 'deploy.commanded'
      /** Of the command: each counts once. */
      readonly id: string
      readonly command: DeployCommand
      readonly by: string
      readonly reason: string
      /** Why nothing came of it; empty when it was obeyed. */
      readonly refusal: string
    }
  /** Back, decided once and durable. */
  | {
      readonly type: 'deploy.decided'
      readonly direction: 'back'
      readonly reason: string
      /** What the verdict was made from, as the history keeps it; `null` without one. */
      readonly evidence: JsonObject | null
      /** The version itself was found bad, and not only its way. */
      readonly isVersionBad: boolean
      /** How the deploy ends when everything is back. */
      readonly result: 'reverted' | 'refused' | 'aborted'
    }
  /** A person has to decide before it goes on. */
  | { readonly type: 'deploy.asked'; readonly question: DeployQuestion }
  /** Durable before the effect of the stage. Comes again when the stage begins again. */
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
  /** What the provider says; said when a stage begins or it differs from the last time. */
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
      /** Open on each slot right then; absent where the provider does not tell. */
      readonly sessions?: PerSlot<number>
      /** What the write was answered with although the split is there. */
      readonly error: ErrorReport | null
    }
  /** What became of the sessions on a slot that lost its traffic on the way back. Foreign text. */
  | { readonly type: 'traffic.drained'; readonly slot: Slot; readonly detail: string }
  /** The write was not done; reads say so where the balancer can be asked. */
  | { readonly type: 'traffic.refused'; readonly error: ErrorReport }
  /** The balancer could not be asked or was busy; it is tried again. */
  | {
      readonly type: 'traffic.retrying'
      readonly attempt: number
      readonly delayMs: number
      readonly error: ErrorReport
    }
  /** Somebody else changed it. */
  | { readonly type: 'traffic.changed'; readonly expected: TrafficSplit; readonly found: TrafficSplit }
  | { readonly type: 'hold.placed'; readonly version: string; readonly reason: string }
  | { readonly type: 'history.committed'; readonly deploymentId: number; readonly revision: number }
  /** The slot that lost its traffic can be gone back to at once, until then. */
  | { readonly type: 'slot.kept'; readonly slot: Slot; readonly version: string; readonly until: string }
  | {
      readonly type: 'deploy.finished'
      readonly result: DeployResult
      readonly exitCode: number
      readonly summary: string
    }

/** An event with its place: `run` is the id of the deploy, `seq` counts from 1 without gaps within it. */
export type StampedDeploy = DeployEvent & { readonly run: string; readonly seq: number; readonly at: string }
