import { ulid } from 'ulid'
import type { EnvironmentStore } from '../history/environment-store.ts'
import type { StampedDeploy } from '../events/deploy-events.ts'
import type { CommandBox } from '../journal/command-box.ts'
import type { JournalStore } from '../journal/journal.ts'
import type { OperationParts } from '../operation/operation-parts.ts'
import type { Registries } from '../planner/bind-registries.ts'
import type { BoundTraffic } from '../planner/bind-traffic.ts'
import type { DriverContextFor } from '../planner/inspect-all.ts'
import type { Platform } from '../platform/platform.ts'
import type { RunHandle } from './engine.ts'
import type { MadePlans } from './rollback/remake/made-plans.ts'
import type { ProjectTrust } from '../trust/open-trust.ts'

/** What the composition root hands the engine. */
export interface EngineParts extends OperationParts {
  readonly history: EnvironmentStore
  readonly journals: JournalStore
  /** Journals of deploys, and the commands for a deploy that another process works on. */
  readonly deploys: { readonly journals: JournalStore<StampedDeploy>; readonly commands: CommandBox }
  readonly registries: Registries
  readonly contextFor: DriverContextFor
  /** The switch between the slots; `null` when none is configured. */
  readonly boundTraffic: BoundTraffic | null
  /**
   * The slot that most requests go to, as its provider reports it; `null` when that is unknown; absent without a
   * provider.
   */
  readonly activeSlot?: (signal: AbortSignal) => Promise<'blue' | 'green' | null>
  readonly trust: ProjectTrust
  /** Name and version of this tool, for the journal. */
  readonly tool: string
  readonly madePlans: MadePlans
  /** Runs that a watch of this engine has begun, by id. */
  readonly automaticRuns: Map<string, RunHandle>
}

/** A new run id: sorts by time. */
export function newRunId({ clock, random }: Platform): string {
  return ulid(Date.parse(clock.now()), () => random.next())
}

export const NEVER: AbortSignal = new AbortController().signal
