import type { ZodType } from 'zod'
import type { Json } from '../domain/text/json.ts'
import type { PerSlot, Slot, TrafficSplit } from '../domain/traffic/traffic.ts'
import type { Fence, Platform } from '../platform/platform.ts'

export interface TrafficContext<Options> {
  readonly platform: Platform
  readonly options: Options
  readonly signal: AbortSignal
  /** For one request or command. */
  readonly timeoutMs: number
  /** The folder `bagboy.yaml` stands in, absolute. */
  readonly root: string
  /** Called right before every request or command that changes something. @throws LOCK_LOST */
  readonly fence?: Fence | undefined
}

/** What a provider can do with its options; the pipeline and the screen check it before they offer something. */
export interface TrafficCapabilities {
  /** `false`: all or nothing, no share in between. */
  readonly weighted: boolean
  /** The smallest share it can set, in percent. */
  readonly granularity: number
  /** What is divided: every request, or every client that carries a mark. */
  readonly splitsBy: 'requests' | 'clients'
  /** How long a slot that lost its traffic may still get requests, in ms, as measured; `null` where that depends on the clients. */
  readonly drainMs: number | null
  /**
   * Whether the provider itself refuses a write when something changed since it was read. Otherwise we read right
   * before the write.
   */
  readonly hasConditionalWrite: boolean
  /** Whether a write is there as a whole or not at all. Otherwise one that is cut off leaves a share between the two. */
  readonly isAtomic: boolean
  readonly countsRequests: boolean
}

/**
 * What the provider says of a slot: `up` takes requests, `down` fails its checks, `unresolved` has no address yet,
 * `stopped` was taken out of service.
 */
export type SlotState = 'up' | 'down' | 'unresolved' | 'stopped' | 'unknown'

/** What a provider says when it is read. */
export interface TrafficSnapshot {
  readonly split: TrafficSplit
  /** In the provider's own numbers. */
  readonly weights: PerSlot<number>
  /** How many requests each slot got since the provider began to count; `null` where it does not. */
  readonly requests: PerSlot<number> | null
  /**
   * How many sessions (connections, or requests under way) are open on each slot now; `null` where that is not
   * reported.
   */
  readonly sessions: PerSlot<number> | null
  readonly states: PerSlot<SlotState>
  /**
   * `false` while what is written down and what is done differ: a reload that has not come through, a file that is not
   * loaded.
   */
  readonly isApplied: boolean
  /** Changes with everything a write would overwrite, regardless of who changed it. */
  readonly revision: string
  /** Whether our credentials may write, where that is known without writing. */
  readonly access: 'write' | 'denied' | 'unknown'
  /** What people should know although nothing is wrong yet; safe to show. */
  readonly warnings: readonly string[]
  /** The answer it was read from, for the record; foreign and raw: a view makes it safe. */
  readonly evidence: Json
}

/** Knows one kind of switch. One file, registered by one line in `index.ts`, proved by the shared contract test. */
export interface TrafficProvider<Options> {
  readonly kind: string
  readonly title: string
  /** Its keys under `blue_green.traffic`, beside `provider`, `steps` and `on_failure`. */
  readonly options: ZodType<Options>
  capabilities(options: Options): TrafficCapabilities
  /** The programs it runs, each with the arguments that come from the configuration; absent when it runs none. Pure. */
  programs?(options: Options): readonly (readonly string[])[]
  /** What a person types to bring a split about, one command a line; absent where that depends on what is there. Pure. */
  manualCommands?(split: TrafficSplit, options: Options): readonly string[]
  /** Reads, never writes. @throws REGISTRY_*, CONFIG_INVALID */
  read(context: TrafficContext<Options>): Promise<TrafficSnapshot>
  /**
   * Idempotent: nothing happens when the split is there already. What it throws says nothing about whether the effect
   * is there, only a read does.
   * @param ifMatch the revision that was read; `null` = any
   * @throws REGISTRY_CONFLICT when something changed since, and nothing was written; REGISTRY_*, CONFIG_INVALID, DISK
   */
  write(split: TrafficSplit, ifMatch: string | null, context: TrafficContext<Options>): Promise<void>
  /** Ends the sessions that are open on a slot without new ones; absent where the provider cannot. @throws as `write` */
  endSessions?(slot: Slot, context: TrafficContext<Options>): Promise<void>
}

/** A provider whose options have been parsed and whose type is erased: what all packages above use. */
export type AnyTrafficProvider = TrafficProvider<unknown>
