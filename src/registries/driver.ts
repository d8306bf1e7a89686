import type { ZodType } from 'zod'
import type { PackageRef } from '../domain/deployment.ts'
import type { Json, JsonObject } from '../domain/text/json.ts'
import type { Action, Effect, PinnedVersion } from '../domain/plan.ts'
import type { Fence, Platform } from '../platform/platform.ts'

/** One package on one registry, between the version that is left and the one that is wanted. */
export interface Subject {
  readonly package: PackageRef
  readonly from: PinnedVersion
  readonly to: PinnedVersion
}

export interface DriverContext<Options> {
  readonly platform: Platform
  readonly options: Options
  readonly signal: AbortSignal
  /** For one request or command. */
  readonly timeoutMs: number
  /** The folder `bagboy.yaml` stands in, absolute: where a project keeps settings of its own (`.npmrc`). */
  readonly root: string
  /** A folder of ours for caches (git objects); deleting it changes nothing but speed. */
  readonly cacheFolder: string
  /** Asks the operator for a one-time password; empty when there is no terminal to ask at. */
  readonly oneTimePassword: () => Promise<string>
  /** Only the pointer and what is served are asked for: what `subject.to` is pinned to need not be looked for. */
  readonly isPointerOnly?: boolean
  /** Asked right before every request that changes something: a process may have slept since the step began. @throws LOCK_LOST */
  readonly fence?: Fence | undefined
}

/** What one step may write. */
export interface ActionScope<Options> {
  readonly subject: Subject
  readonly options: Options
  /** The pointer that the step leads to, as the driver planned it or as it was captured. */
  readonly wants: Json
  /** It leads back to captured state instead of to the pinned target. */
  readonly restores: boolean
}

/** For an effect: the idempotency key, planted where the registry keeps it, and what to write beside it. */
export interface ActContext<Options> extends DriverContext<Options>, ActionScope<Options> {
  readonly key: string
  /** The pointer as it was read when the action was decided: written over nothing else where the registry can compare. */
  readonly expected: Json
  /** The operator's own words, for a registry that keeps why something was done; often empty. */
  readonly reason: string
}

/** What a registry says when it is read. */
export interface Snapshot {
  /** Everything this driver may move here, in one canonical form: compared by value with `before` and `want`. */
  readonly pointer: Json
  /** Changes with every write, where the registry has such a thing (a commit); otherwise `null`. */
  readonly revision: string | null
  /** The bare version users get now; `null` when it cannot be told. */
  readonly serving: string | null
  /** Whether what `subject.to` is pinned to is still there, unchanged. */
  readonly target:
    | {
        readonly status: 'present'
        /** What `subject.to` stands for when its pin is `null`, found by its version: `plan` goes by it. */
        readonly pin?: Json
        /**
         * What of it is not there, where the rest is of use by itself. `isUsable`: all clients can use the rest, so
         * that this is only reported; otherwise a person may override it.
         */
        readonly lacks?: { readonly detail: string; readonly remedy: string; readonly isUsable: boolean }
        /** Why nothing tells whether it is the content that was recorded: a person may insist on it. */
        readonly uncompared?: { readonly detail: string; readonly remedy: string }
      }
    /** `closed`: it is there, and users who are sent to it would get no answer. */
    | { readonly status: 'missing' | 'changed' | 'closed'; readonly detail: string; readonly remedy: string }
  /** Whether our credentials may write; `unknown` where the registry cannot be asked without writing. */
  readonly access: 'write' | 'denied' | 'unknown'
  /** Why it is so, as a sentence, and what to do about it, where the driver knows more than the word says. */
  readonly accessNote?: { readonly detail: string; readonly remedy: string }
  /** Texts for the walk-through's before and after, foreign and raw: a view makes them safe. Empty when there are none. */
  readonly preview: { readonly before: string; readonly after: string }
  /** `false` while what is written down is not yet known to be what is done: the pointer proves nothing then. */
  readonly isApplied?: boolean
  /** What users get instead while it is not settled, as a sentence without its full stop, where the driver knows. */
  readonly notAppliedNote?: string
}

/** For pins that name places which later deployments use again, such as the slots of an application. */
export interface PinnedSlots {
  /** `null` when the pin names none. */
  ofPin(pin: Json): string | null
  /** How much each place gets through a pointer, in whole percent. */
  sharesOf(pointer: Json): readonly SlotShare[]
}

export interface SlotShare {
  readonly slot: string
  readonly percent: number
}

/** What a driver decides for one step; the planner adds identity, order and times. */
export interface StepDraft {
  readonly title: string
  readonly actions: readonly Action[]
  readonly want: Json
  readonly undo: readonly Action[]
  readonly reversibility: 'reversible' | 'one-way'
  readonly manual: readonly string[]
}

export interface PlanRequest<Options> {
  readonly subject: Subject
  readonly snapshot: Snapshot
  readonly options: Options
}

/** Knows one format. One file, registered by one line in `index.ts`, proved by the shared contract test. */
export interface RegistryDriver<Options> {
  readonly format: string
  readonly title: string
  /** Which login of the user it sends when none is configured, in words: `your docker login`. */
  readonly login?: string
  /**
   * Whether this user has a login that would be sent to `registry`, told from the user's own files; nothing is run, and a
   * helper that would have to be asked counts as one. Absent: there may be one.
   */
  hasLogin?(registry: string, platform: Platform): Promise<boolean>
  /** Its keys under `deployment.registries[]`, beside `format` and `registry`. */
  readonly options: ZodType<Options>
  /** Place in the order of a rollback: 1 traffic, 2 mutable pointers, 3 git pointers, 4 repositories, 5 yanks, 6 moderated. */
  readonly group: number
  /** `NAME` stands for the package's own. */
  readonly effect: Effect
  /**
   * Moves users within seconds and depends on no other registry: its first group does not wait until the other
   * registries are read again.
   */
  readonly runsBeforePreflight?: boolean
  readonly slots?: PinnedSlots
  /**
   * Whether `pointer` is what a write that was cut off on its way from `before` to `want` may have left behind, where that
   * does not show part by part. Pure.
   */
  isIntermediate?(pointer: Json, before: Json, want: Json): boolean
  /**
   * The part of a pointer that the options let a step move, for a run that is gone on with after they were changed. Absent:
   * all of it. Pure.
   */
  narrow?(pointer: Json, options: Options): Json
  /** Reads, never writes; `subject.to.pin` may be `null`. @throws REGISTRY_* */
  inspect(subject: Subject, context: DriverContext<Options>): Promise<Snapshot>
  /** The pin of what is served now as `version`, for `record`. Reads, never writes. @throws REGISTRY_* */
  capture(
    target: { readonly package: PackageRef; readonly version: string },
    context: DriverContext<Options>,
  ): Promise<Json>
  /** What a person has to know of a captured pin, as it continues the name of the registry; empty for most. Pure. */
  captureNote?(pin: Json): string
  /**
   * The pointer that a pin stands for, in the form of `pointer`, with the parts that the pin says something of; `null` when
   * it says nothing. Pure.
   */
  pointerOf?(request: {
    readonly package: PackageRef
    readonly pin: Json
    readonly pointer: Json
    readonly options: Options
  }): Json
  /** Pure. `undefined` when the pointer is already where it should be. */
  plan(request: PlanRequest<Options>): StepDraft | undefined
  /**
   * Why an action reaches beyond the registry's entry: another package, repository, tag or path, or another content
   * than the step leads to; `undefined` when it does not. Called before every action, regardless of its origin. Pure.
   */
  outOfScope(action: Action, scope: ActionScope<Options>): string | undefined
  /** Whether an action leaves what the pointer shows as it is, so that nothing of it has to be taken back. Pure. */
  movesNothing?(action: Action): boolean
  /** Sends an `http` action with this registry's credentials. @throws REGISTRY_* */
  send?(action: Extract<Action, { kind: 'http' }>, context: ActContext<Options>): Promise<void>
  /** The `custom` actions. Idempotent. @throws REGISTRY_* */
  readonly operations?: Readonly<Record<string, (input: JsonObject, context: ActContext<Options>) => Promise<void>>>
}

/** A driver whose options have been parsed and whose type is forgotten: what planner and engine see. */
export type AnyDriver = RegistryDriver<unknown>

/** Checks a driver's types where it is written, then erases its options for the list. */
export function defineDriver<Options>(driver: RegistryDriver<Options>): AnyDriver {
  return driver as AnyDriver
}
