import type { Measurement } from '../domain/health/analysis.ts'
import type { DeployPlan, DeployStage } from '../domain/traffic/deploy-plan.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { Slot, TrafficSplit, PerSlot } from '../domain/traffic/traffic.ts'
import type { DeployEvent, DeployQuestion, DeployResult, StageResult, SlotStates } from './deploy-events.ts'
import type { AnalysisProgress } from './watch-events.ts'

export interface StageView {
  readonly stage: DeployStage
  readonly status: 'pending' | 'running' | StageResult
  readonly startedAt: string | null
  /** Absolute deadline; `null` without one, or when it is over and nothing came of that. */
  readonly endsAt: string | null
  readonly finishedAt: string | null
  readonly detail: string
  readonly evidence: JsonObject | null
  readonly isVersionBad: boolean
  /** Of an analysis or a watch, oldest first. */
  readonly measurements: readonly Measurement[]
  readonly analyses: Readonly<Record<string, AnalysisProgress>>
}

/** What the person who sent a command saw of the deploy: the stage it stood at, and its last question. */
export type DeployPosition = Pick<DeployView, 'position' | 'askedSeq'>

export interface DeployView {
  readonly id: string
  readonly plan: DeployPlan
  readonly epoch: number
  readonly actor: JsonObject
  readonly stages: readonly StageView[]
  /** The first stage that is not over; `stages.length` when all are. */
  readonly position: number
  readonly direction: 'forward' | 'back'
  /** Why it goes back; `null` while it goes forward. */
  readonly decision: Extract<DeployEvent, { type: 'deploy.decided' }> | null
  readonly question: DeployQuestion | null
  /** Of the newest question's record; 0 before one. */
  readonly askedSeq: number
  /** Told to start nothing further. */
  readonly isPaused: boolean
  /** The request to end it and take the traffic back; `null` without one. */
  readonly abortReason: string | null
  /** What the provider said last. */
  readonly traffic: DeployTraffic | null
  /** What has to stand there: what we proved last, or a change from outside that was accepted. */
  readonly expected: TrafficSplit
  /** A write that may or may not have been done. */
  readonly owed: { readonly from: TrafficSplit; readonly to: TrafficSplit } | null
  /** A change from outside that is not decided about. */
  readonly foreign: TrafficSplit | null
  /** `expected` has to be written again over a change from outside. */
  readonly mustRestore: boolean
  /** The slot was given this share manually: lower weights are skipped. */
  readonly floorPercent: number
  /** The slot ever got more than it had at first. */
  readonly hasMoved: boolean
  /** On the way back: everything is where it was, by reading. */
  readonly isBack: boolean
  /** Ended as the traffic stands, on a person's word. */
  readonly isLeft: boolean
  /** Ids of the commands that were answered. */
  readonly commands: readonly string[]
  readonly deploymentId: number | null
  readonly kept: { readonly slot: Slot; readonly version: string; readonly until: string } | null
  readonly result: DeployResult | null
  readonly exitCode: number | null
  readonly summary: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly lastSeq: number
}

export interface DeployTraffic {
  readonly split: TrafficSplit
  readonly requests: PerSlot<number> | null
  readonly states: SlotStates | null
  readonly warnings: readonly string[]
  readonly at: string
}
