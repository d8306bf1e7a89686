import { ulid } from 'ulid'
import type { Config } from '../config/config.ts'
import type { JsonObject } from '../domain/text/json.ts'
import type { EnvironmentStore } from '../history/environment-store.ts'
import type { StampedDeploy } from '../events/deploy-events.ts'
import type { CommandBox } from '../journal/command-box.ts'
import type { JournalStore } from '../journal/journal.ts'
import type { LockStore } from '../lock/lock.ts'
import type { Registries } from '../planner/bind-registries.ts'
import type { BoundTraffic } from '../planner/bind-traffic.ts'
import type { DriverContextFor } from '../planner/inspect-all.ts'
import type { Platform } from '../platform/platform.ts'
import type { MadePlans } from './rollback/remake/made-plans.ts'
import type { ProjectTrust } from '../trust/open-trust.ts'

/** What the composition root hands the engine. */
export interface EngineParts {
  readonly config: Config
  readonly platform: Platform
  readonly history: EnvironmentStore
  readonly journals: JournalStore
  /** Journals of deploys, and what somebody told one that another process works on. */
  readonly deploys: { readonly journals: JournalStore<StampedDeploy>; readonly commands: CommandBox }
  readonly lock: LockStore
  readonly registries: Registries
  readonly contextFor: DriverContextFor
  readonly actor: JsonObject
  /** The switch between the slots; `null` when none is configured. */
  readonly boundTraffic: BoundTraffic | null
  /** The slot that most requests go to, as its provider says; `null` when nobody can tell; absent without one. */
  readonly activeSlot?: (signal: AbortSignal) => Promise<'blue' | 'green' | null>
  readonly trust: ProjectTrust
  /** Name and version of this tool, for the journal. */
  readonly tool: string
  readonly madePlans: MadePlans
}

/** A new run id: sorts by time. */
export function newRunId({ clock, random }: Platform): string {
  return ulid(Date.parse(clock.now()), () => random.next())
}

/** Who is asking, for locks: the lock itself knows the host. */
export function actorName(actor: JsonObject): string {
  return textOf(actor, 'user')
}

/** A text field of the actor; `unknown` when it has none. */
export function textOf(actor: JsonObject, field: string): string {
  const value = actor[field]
  return typeof value === 'string' ? value : 'unknown'
}

export const NEVER: AbortSignal = new AbortController().signal
