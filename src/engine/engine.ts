import type { Approver } from '../approval/ask.ts'
import type { Deployment, FileHistory, History } from '../domain/deployment.ts'
import type { Json, JsonObject } from '../domain/text/json.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import type { PruneRow } from '../domain/prune.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Served } from '../events/drift.ts'
import type { Direction, RunResult, Stamped } from '../events/events.ts'
import type { RepairProposal } from '../history/repair/propose-repair.ts'
import type { HistoryCheck } from '../history/repair/verify-history.ts'
import type { RunView } from '../events/project-run.ts'
import type { TrustControl } from '../trust/trust-report.ts'
import type { TakeoverMode } from '../journal/journal.ts'
import type { RunOrigin } from '../journal/run-origin.ts'
import type { OperationHandle } from '../operation/operation-handle.ts'
import type { DeployEngine } from './deploy/deploy.ts'
import type { RecordPlan, RecordRequest } from './records/record-request.ts'
import type { WatchHandle, WatchRequest } from './watch/watch.ts'

/** What the operator asked for, before anything is read. */
export interface RollbackRequest {
  /** `v1.2.0`, `@12`, `~1`, `previous`, `last-good`. */
  readonly target: string
  readonly only: readonly string[]
  readonly except: readonly string[]
  readonly reason: string
  readonly incident: string
  /** Codes of the findings the operator overrides. */
  readonly overrides: readonly string[]
  /** What set it off, when no person asked. */
  readonly trigger?: JsonObject
}

/** A run that is being executed; one that is stopped undoes nothing by itself. */
export interface RunHandle extends OperationHandle<Stamped, RunOutcome> {
  /** Starts no further step until `resume`. */
  pause(): void
  unpause(): void
}

export interface RunOutcome {
  readonly id: string
  readonly result: RunResult
  readonly exitCode: number
  readonly view: RunView
  /** One sentence when nothing was to do: no run took place, and `view` is the run that was named. */
  readonly nothingToDo?: string
  /** What went wrong behind the run and does not change what it did. */
  readonly warning?: string
}

export interface LockInfo {
  /** Whose lock it is. */
  readonly app: string
  readonly environment: string
  readonly epoch: number
  /**
   * `dead`: the next run simply takes it. `silent`: it has not beaten for the ttl; only a person can know. `unknown`: it
   * is kept on a git remote that takes a login, and the folder is not trusted.
   */
  readonly state: 'free' | 'held' | 'silent' | 'dead' | 'unknown'
  readonly who: string
  readonly host: string
  readonly pid: number
  readonly run: string
  readonly purpose: string
  readonly since: string
  readonly lastBeat: string
}

export interface RunSummary {
  readonly id: string
  /** Which one it is about; empty where it cannot be read. */
  readonly environment: string
  readonly kind: RollbackPlan['kind']
  readonly from: string
  readonly to: string
  readonly startedAt: string
  readonly finishedAt: string | null
  /** `null` while it is open: it has to be finished. */
  readonly result: RunResult | null
  readonly isOpen: boolean
  /** Id of the run that has taken it back, if one has. */
  readonly undoneBy: string | null
  readonly doneCount: number
  readonly stepCount: number
  /** Whose it is, as its signatures prove. */
  readonly origin: RunOrigin
  /** User and machine that it says it was begun by; nothing proves that of a foreign one. */
  readonly claimedBy: string
  /** What is damaged in its journal; empty when every record was read. */
  readonly damage: string
}

/** Something open that is not proved to be ours, and that nothing is done with. */
export interface ForeignRun {
  readonly noun: 'run' | 'deploy'
  readonly id: string
  readonly why: string
  /** What it says of itself. */
  readonly claim: string
  /** The command that shows it. */
  readonly see: string
}

export interface ResumeOptions {
  /** Only these steps; what else is left stays left, and the run open. */
  readonly only?: readonly string[]
  /** Why a foreign run is taken over; without it a foreign run is refused. */
  readonly takeoverReason?: string
}

export interface ReadRun {
  readonly view: RunView
  readonly events: readonly Stamped[]
  readonly origin: RunOrigin
}

/** What going on with a run does with one step. */
export interface RecoveryNext {
  readonly next: 'nothing' | 'verify' | 'run' | 'wait' | 'stop' | 'read'
  readonly explanation: string
}

/** One line of the resume screen; `next` and `explanation` are those of resume, in the direction that was decided. */
export interface RecoveryStep extends RecoveryNext {
  readonly step: string
  readonly title: string
  /** What the journal says was intended: `not started`, `intended`, `proved`. */
  readonly intended: 'not-started' | 'intended' | 'proved' | 'settled'
  /**
   * What the registry serves now, between the run's two ends regardless of its direction. `unplanned`: it was never
   * read before, so there is nothing to compare with.
   */
  readonly found: 'before' | 'want' | 'between' | 'other' | 'unplanned' | 'unreadable'
  readonly observed: Json
  readonly error: ErrorReport | null
  /** The same as a person would type it, in that direction. */
  readonly byHand: readonly string[]
  /** What undo would do instead. */
  readonly undo: RecoveryNext
}

export interface RecoveryReport {
  readonly view: RunView
  /** Where resume goes: `undo` once it was decided to go back. */
  readonly direction: Direction
  readonly steps: readonly RecoveryStep[]
  /** What a reader has to know besides: which configuration is used. */
  readonly notes: readonly string[]
  readonly lock: LockInfo
}

export interface RegistryStatus extends Served {
  /** What each of several places gets, and which version that is: `blue 90 % v1.2.0, green 10 % v1.3.0`; else empty. */
  readonly detail: string
  readonly observed: Json
  readonly error: ErrorReport | null
}

export interface Overview {
  readonly app: string
  readonly environment: string
  readonly configFile: string
  readonly historyFile: string
  readonly history: History
  /** Only the newest deployments, and no holds: the rest takes longer to read. */
  readonly isPartial: boolean
  /** Why the history is read-only, or `null`. */
  readonly readOnly: string | null
  /** Whether the configuration asks for a reason with every rollback. */
  readonly requiresReason: boolean
  /** How many versions `history.keep` leaves when pruning is not told otherwise. */
  readonly keep: number
  readonly active: Deployment | null
  readonly runs: readonly RunSummary[]
  readonly lock: LockInfo
  readonly actor: JsonObject
}

export interface PruneRequest {
  readonly keep: number
  /** Exactly these history ids instead of all that `keep` allows; protected ones are refused. */
  readonly ids: readonly number[] | null
}

export interface PrunePlan {
  readonly keep: number
  readonly rows: readonly PruneRow[]
  /** Versions that nothing can be rolled back to afterwards. */
  readonly lostVersions: readonly string[]
  readonly archiveFile: string
}

export interface RestorePlan {
  /** What goes back into the history, newest first. */
  readonly deployments: readonly Deployment[]
  /** Where it comes from. */
  readonly files: readonly string[]
  /** Files of the archive that cannot be read, in words. */
  readonly damaged: readonly string[]
}

/** Changes a flag of the history: `pin`, `unpin`, `hold`, `unhold`. */
export type MarkRequest =
  | { readonly mark: 'pin' | 'unpin'; readonly version: string }
  | {
      readonly mark: 'hold' | 'unhold'
      readonly version: string
      readonly reason: string
      /** A hold of a version that neither the history nor a registry knows. */
      readonly isUnrecorded?: boolean
    }

/** The one engine behind the app and the command line. Every method that reads registries takes its time; none prints. */
export interface Engine extends DeployEngine, TrustControl {
  /** With `newest` a long history is only read as far as that many deployments: something to look at meanwhile. */
  overview(request?: { readonly newest: number }): Promise<Overview>
  /** The history of every environment that shares the file; each entry names its own. Reads only. */
  fileHistory(): Promise<FileHistory>
  status(signal?: AbortSignal): Promise<readonly RegistryStatus[]>
  /** Reads every registry, decides, writes nothing. @throws TARGET_UNKNOWN, HISTORY_*, CONFIG_* */
  plan(request: RollbackRequest, signal?: AbortSignal): Promise<RollbackPlan>
  /** A saved plan is checked first. @throws PLAN_STALE, LOCKED, VALIDATION_FAILED through `result` */
  run(plan: RollbackPlan, approver: Approver): RunHandle
  /** @throws RUN_FOREIGN before any registry is read: what a foreign run names is not asked */
  recovery(runId: string, signal?: AbortSignal): Promise<RecoveryReport>
  /** Goes on with what is left, in the direction that was decided. */
  resume(runId: string, approver: Approver, options?: ResumeOptions): RunHandle
  /** An open run is reverted in place; a closed one by a new run of kind `undo`. */
  undo(runId: string, approver: Approver, reason: string, mode?: TakeoverMode): RunHandle
  /**
   * A run as it goes on, from its first event. Reads only: `stop` ends the following, the run goes on.
   * @throws RUN_UNKNOWN, RUN_ABANDONED (no process works on it any more), ABORTED through `result`
   */
  follow(runId: string): RunHandle
  /** A run that a watch of this engine has begun: `pause` and `stop` reach it. @throws RUN_UNKNOWN */
  attach(runId: string): RunHandle
  /**
   * Watches the health of what is live. A rollback that it approves is begun at once: `attach` gives it, and the approver
   * answers its questions; without one their defaults are taken.
   * @throws HEALTH_NOT_CONFIGURED, TARGET_UNKNOWN through `result`
   */
  watch(request: WatchRequest, approver?: Approver): WatchHandle
  /** Ends an open run as it stands. Says what is left where. @throws RUN_FOREIGN, as the next two, without a takeover */
  handOver(runId: string, reason: string, mode?: TakeoverMode): Promise<RunSummary>
  /** Leaves one step of an open run out, with a reason, so that resume can finish. */
  skipStep(runId: string, step: string, reason: string, mode?: TakeoverMode): Promise<void>
  /** Lets the next resume or undo overwrite a change from outside that blocks a step, as it is there now. */
  overwriteStep(runId: string, step: string, reason: string, mode?: TakeoverMode): Promise<void>
  /** Those of this environment, unless all are asked for. Newest first. */
  runs(request?: { readonly allEnvironments: boolean }): Promise<readonly RunSummary[]>
  readRun(runId: string): Promise<ReadRun>
  /** Open runs and deploys that are not proved to be ours. */
  foreignRuns(): Promise<readonly ForeignRun[]>
  planPrune(request: PruneRequest): Promise<PrunePlan>
  prune(request: PruneRequest): Promise<PrunePlan>
  /** Archived entries of a version, or the one with an id (`@12`). Reads only. @throws TARGET_UNKNOWN */
  planRestore(word: string): Promise<RestorePlan>
  /** Puts them back at the places of their ids. @throws TARGET_UNKNOWN */
  restore(word: string): Promise<RestorePlan>
  /** Reads only. @throws USAGE, TARGET_UNSAFE, REGISTRY_* */
  planRecord(request: RecordRequest, signal?: AbortSignal): Promise<RecordPlan>
  record(request: RecordRequest, signal?: AbortSignal): Promise<Deployment>
  mark(request: MarkRequest): Promise<History>
  /** Every byte the history depends on, journals included. Writes nothing. */
  verifyHistory(): Promise<readonly HistoryCheck[]>
  /** For a history that cannot be read; `null` when nothing is wrong with it, or nothing is left to repair it from. */
  proposeRepair(): Promise<RepairProposal | null>
  /** @throws HISTORY_CHANGED when the file is no longer what the proposal was made from, LOCKED */
  acceptRepair(proposal: RepairProposal): Promise<FileHistory>
  lockInfo(): Promise<LockInfo>
  /** @throws LOCKED when the epoch is not the one in force. */
  breakLock(epoch: number, reason: string): Promise<LockInfo>
}
