import type { Slot, TrafficSplit } from './traffic.ts'

/** One part of a deploy. They happen in their order, each once the one before it is over. */
export type DeployStage =
  /** The user's command brings the version into the slot. It has to be repeatable: it is run again after a crash. */
  | {
      readonly kind: 'command'
      readonly words: readonly string[]
      /** Names of variables it gets. */
      readonly env: readonly string[]
      readonly timeoutMs: number
    }
  /** The health checks that can probe the slot while it gets no traffic. */
  | { readonly kind: 'checks' }
  | { readonly kind: 'smoke' }
  /** Before traffic moves: for so long, or, `ms: null`, for a person without a limit. */
  | { readonly kind: 'gate'; readonly ms: number | null }
  /** So much to the slot, in whole percent. */
  | { readonly kind: 'weight'; readonly percent: number }
  /** `ms: null` waits for a person, without a limit; `onTimeout` is what happens when the time is over. */
  | { readonly kind: 'pause'; readonly ms: number | null; readonly onTimeout: 'revert' | 'promote' | 'wait' | 'go-on' }
  | { readonly kind: 'analysis'; readonly checks: readonly string[]; readonly ms: number }
  /** The version becomes the live one in the history. */
  | { readonly kind: 'record' }
  /** Sessions that the balancer keeps on the old slot may end by themselves for so long; then it ends them. */
  | { readonly kind: 'drain'; readonly ms: number }
  /** The version has all of the traffic and is watched before it counts as healthy. */
  | { readonly kind: 'watch'; readonly ms: number }

/** What a deploy will do, made before anything is written, and frozen when it starts. */
export interface DeployPlan {
  /** `shift`: traffic is moved manually; nothing is deployed. */
  readonly kind: 'deploy' | 'shift'
  /** ULID; the id of the deploy. */
  readonly id: string
  /** RFC 3339. */
  readonly created: string
  readonly app: string
  readonly environment: string
  /** What should be in the slot: the version that is deployed, or the one in the history; empty when unknown. */
  readonly version: string
  /** What is live by the history; empty when it knows of nothing. */
  readonly from: string
  readonly commit: string
  readonly reason: string
  /** The slot that gains traffic. */
  readonly slot: Slot
  /** Kind of the provider. */
  readonly provider: string
  /** As the provider said when the plan was made; also where a reverted deploy goes back to. */
  readonly before: TrafficSplit
  readonly stages: readonly DeployStage[]
  /** When something is bad after traffic moved. */
  readonly onFailure: 'revert' | 'pause'
  /** How long the slot that lost its traffic counts as one that can be gone back to at once. */
  readonly keepPreviousMs: number
  /** Whether a version that was found bad is held. */
  readonly hold: boolean
  /** What people should know before they say yes. */
  readonly warnings: readonly string[]
}

/** The commands that an open deploy takes. */
export const DEPLOY_COMMANDS = ['promote', 'pause', 'resume', 'take-theirs', 'put-ours-back', 'abort'] as const
/**
 * `promote`: go on in spite of the gate, pause or finding that is waited at · `pause`: start nothing further ·
 * `resume`: go on after `pause`, or do again what failed · `take-theirs`, `put-ours-back`: after the traffic was
 * changed manually · `abort`: send all traffic back and end.
 */
export type DeployCommand = (typeof DEPLOY_COMMANDS)[number]
