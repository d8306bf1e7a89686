import type { DeploymentKind, PackageRef, Timestamp } from './deployment.ts'
import type { Json, JsonObject } from './text/json.ts'
import type { Version } from './version.ts'

/** One side effect as a value: shown, journalled and executed from the same object. */
export type Action =
  /** A named operation of the driver, where a read and a computed write belong together. */
  | { readonly kind: 'custom'; readonly title: string; readonly operation: string; readonly input: JsonObject }
  /** One request; the driver adds the credentials when it is sent, so none stand here. */
  | {
      readonly kind: 'http'
      readonly title: string
      readonly method: 'PUT' | 'POST' | 'PATCH' | 'DELETE'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }

/** The honest line of the effect matrix: what moving this pointer does to people. */
export interface Effect {
  /** Does it protect those who install from now on? */
  readonly newInstalls: string
  /** Does it move those who already have the bad version? */
  readonly existingUsers: string
  /** How long until it is true. */
  readonly timeToEffect: string
}

/** A version on one registry, and the pin that was captured when it was deployed there. */
export interface PinnedVersion {
  readonly version: Version
  readonly pin: Json
}

export interface PlanStep {
  /** `format:name@registry`, unique in a plan. */
  readonly id: string
  readonly package: PackageRef
  /** Imperative: "Point dist-tag latest at 1.2.0". */
  readonly title: string
  /** Steps of one group run in parallel; groups run in order. */
  readonly group: number
  readonly from: PinnedVersion
  readonly to: PinnedVersion
  /** Of a step of an undo: whether it leads to `from`. Absent in every other one. */
  readonly isInverted?: boolean | undefined
  /** The pointer as it was observed when the plan was made. */
  readonly before: Json
  /** The pointer as it must read back. */
  readonly want: Json
  readonly actions: readonly Action[]
  /** The compensation: restores `before`. Empty for one-way steps. */
  readonly undo: readonly Action[]
  readonly reversibility: 'reversible' | 'one-way'
  readonly effect: Effect
  /** The same as manual commands, one a line. */
  readonly manual: readonly string[]
  /** A person does it: nothing is sent, and it is done when the registry shows it. */
  readonly isManual: boolean
  /** Text before and after, for a side-by-side page; empty when there is none to show. */
  readonly preview: { readonly before: string; readonly after: string }
  /**
   * Why the registry could not be read when the plan was made; its pointer and actions are then decided by the run's own
   * first read. Empty when it was read.
   */
  readonly deferred: string
  /** For the whole step, all attempts and the read-back included. */
  readonly timeoutMs: number
}

/** A registry of the plan that gets no actions, and why. */
export interface PlanExclusion {
  readonly package: PackageRef
  readonly status: 'already' | 'not_in_target' | 'skipped'
  readonly reason: string
  /** The pointer as observed, when it was. */
  readonly observed: Json
  /** What it is read again with; a plan that was saved before exclusions had them has none. */
  readonly from?: PinnedVersion | undefined
  readonly to?: PinnedVersion | undefined
}

export type FindingSeverity = 'never' | 'block' | 'warn' | 'ok'

/** One result of checking the target before anything moves. */
export interface Finding {
  /** Stable, `V08`; also the code of an override. */
  readonly code: string
  readonly severity: FindingSeverity
  readonly title: string
  readonly detail: string
  readonly remedy: string
  readonly package: PackageRef | null
}

export interface RollbackPlan {
  readonly schema: 1
  /** ULID: the id of the run that will execute it. */
  readonly id: string
  readonly kind: Exclude<DeploymentKind, 'deploy' | 'reissue'>
  readonly app: string
  readonly environment: string
  readonly from: Version
  readonly to: Version
  /** History id of the deployment that is restored. */
  readonly targetId: number
  readonly created: Timestamp
  readonly expires: Timestamp
  readonly reason: string
  readonly incident: string
  /** Id of the run that an undo takes back; absent in every other plan. */
  readonly undoes?: string | undefined
  /** What triggered an automatic rollback, for the history; absent when a person started it. */
  readonly trigger?: JsonObject | undefined
  readonly overrides: readonly string[]
  /** sha256 of the configuration and of the history the plan was made from. */
  readonly configHash: string
  readonly historyHash: string
  /** Whether the version that is left will be held. */
  readonly hold: boolean
  readonly parallelism: number
  readonly onPartialFailure: 'pause' | 'continue' | 'undo'
  readonly steps: readonly PlanStep[]
  readonly excluded: readonly PlanExclusion[]
  readonly findings: readonly Finding[]
}

/** Findings that stop the plan: a `never` always, a `block` without its override. */
export function blockingFindings(plan: Pick<RollbackPlan, 'findings' | 'overrides'>): readonly Finding[] {
  return plan.findings.filter(
    ({ severity, code }) => severity === 'never' || (severity === 'block' && !plan.overrides.includes(code)),
  )
}

/** How many agreeing reads in a row prove a step: one may come from a cache that has not heard yet. */
export const READS_REQUIRED = 2

/**
 * How many, over a time, prove what no write of ours was answered well for: one more than the old answers in a row that
 * a registry may give.
 */
export const CONFIRMING_READS = 9

export function stepId(ref: PackageRef): string {
  return `${ref.format}:${ref.name}@${ref.registry}`
}
