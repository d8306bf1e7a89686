import type { DeployCommand, DeployPlan } from '../../domain/traffic/deploy-plan.ts'
import type { PerSlot, Slot, TrafficSplit } from '../../domain/traffic/traffic.ts'
import type { DeployResult, SlotStates, StampedDeploy } from '../../events/deploy-events.ts'
import type { OperationHandle } from '../../operation/operation-handle.ts'
import type { RunOrigin } from '../../journal/run-origin.ts'
import type { DeployPosition, DeployView } from '../../events/deploy-view.ts'

export interface DeployRequest {
  readonly version: string
  readonly commit: string
  readonly reason: string
}

/** Traffic that is moved manually. */
export interface ShiftRequest {
  /** Of the slot that `percent` is about; `null` = the one that has less, or is not the live version's. */
  readonly slot: Slot | null
  /** Whole percent, 0 to 100. */
  readonly percent: number
  readonly reason: string
}

/** One that is stopped stays open, with the traffic as it is. */
export type DeployHandle = OperationHandle<StampedDeploy, DeployOutcome>

export interface DeployOutcome {
  readonly id: string
  /** `null` while it is open: a person has to decide, or to go on with it. */
  readonly result: DeployResult | null
  readonly exitCode: number
  readonly view: DeployView
}

export interface DeploySummary {
  readonly id: string
  readonly kind: DeployPlan['kind']
  readonly version: string
  readonly slot: Slot
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly result: DeployResult | null
  readonly isOpen: boolean
  readonly summary: string
  /** Whose it is, as its signatures prove. */
  readonly origin: RunOrigin
  /** What is damaged in its journal; empty when every record was read. */
  readonly damage: string
}

/** What came of a command. */
export interface CommandReceipt {
  /**
   * `unattended`: no process works on the deploy; the command was not delivered, and the next resume of the deploy can carry
   * it out.
   */
  readonly status: 'obeyed' | 'refused' | 'unattended'
  /** Why it was refused. */
  readonly why: string
}

export interface SlotReport {
  readonly slot: Slot
  readonly label: string
  readonly url: string | null
  /** Of the newest deployment the history has for the slot; `null` when it knows of none. */
  readonly version: string | null
  /** Whole percent, as the provider says. */
  readonly percent: number
  readonly state: SlotStates['blue']
  readonly requests: number | null
  /** Open now; `null` where the provider does not report it. */
  readonly sessions: number | null
  /** How long it can be gone back to at once, RFC 3339; `null` when it cannot or has the traffic. */
  readonly keptUntil: string | null
}

export interface TrafficReport {
  /** Kind of the provider. */
  readonly provider: string
  readonly title: string
  readonly split: TrafficSplit
  readonly slots: PerSlot<SlotReport>
  readonly isSettled: boolean
  readonly access: 'write' | 'denied' | 'unknown'
  readonly warnings: readonly string[]
  /** The deploy or shift of ours that is not over; `null` without one. */
  readonly open: DeployView | null
  /** Whether a process is at work on it. */
  readonly isWorkedOn: boolean
}

/** Deploys and traffic: a part of the engine. */
export interface DeployEngine {
  /** Reads the provider and the history, decides, writes nothing. @throws CONFIG_INVALID, TARGET_UNSAFE, VALIDATION_FAILED, RUN_OPEN, REGISTRY_* */
  planDeploy(request: DeployRequest, signal?: AbortSignal): Promise<DeployPlan>
  /** The same for traffic that is moved manually. */
  planShift(request: ShiftRequest, signal?: AbortSignal): Promise<DeployPlan>
  /** Starts what was planned. @throws LOCKED, RUN_OPEN, PLAN_STALE, REGISTRY_* through `result` */
  deploy(plan: DeployPlan): DeployHandle
  /**
   * Resumes a deploy whose process is gone, with `command` as the decision; a foreign one only with a `takeoverReason`.
   * @throws RUN_NOT_OPEN, RUN_FOREIGN, LOCKED through `result`
   */
  resumeDeploy(
    deploy: string,
    command?: { readonly command: DeployCommand; readonly reason: string },
    takeoverReason?: string,
  ): DeployHandle
  /**
   * A deploy of another process as it goes on. Reads only.
   * @throws RUN_UNKNOWN, RUN_ABANDONED, ABORTED through `result`
   */
  followDeploy(deploy: string): DeployHandle
  /**
   * Sends a command to the process that works on a deploy, and waits for its answer. `seen` is the state that the
   * decision was made on, when that is not the state at the call: a later state refuses it.
   * @throws RUN_UNKNOWN, RUN_NOT_OPEN, and LOCKED when that process is silent
   */
  commandDeploy(
    deploy: string,
    command: DeployCommand,
    reason: string,
    seen?: DeployPosition,
    signal?: AbortSignal,
  ): Promise<CommandReceipt>
  /** Newest first; an open one has to be finished. */
  deploys(): Promise<readonly DeploySummary[]>
  /** Those that are not over, newest first. */
  openDeploys(): Promise<readonly DeploySummary[]>
  readDeploy(deploy: string): Promise<{ readonly view: DeployView; readonly events: readonly StampedDeploy[] }>
  /** Both slots, as the provider says. @throws TRAFFIC_NOT_CONFIGURED, REGISTRY_* */
  traffic(signal?: AbortSignal): Promise<TrafficReport>
}
