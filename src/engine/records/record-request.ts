import type { PackageRef } from '../../domain/deployment.ts'
import type { Slot } from '../../domain/traffic/traffic.ts'
import type { ErrorReport } from '../../errors/bagboy-error.ts'

export interface RecordRequest {
  readonly version: string
  readonly commit: string
  /** Without one: the configured registries. */
  readonly packages: readonly { readonly format: string; readonly registry: string; readonly name?: string }[]
  readonly notes: string
  /** The slot that runs the version; without it one is recorded only where nothing speaks against it. */
  readonly slot?: Slot | null
  /** Records also what is not served. */
  readonly acceptsNotServed?: boolean
}

/** What a record has to say before it is written. */
export interface RecordPlan {
  readonly notServed: readonly {
    readonly package: PackageRef
    /** `serves 1.3.0 instead of 1.4.0`, `cannot be read: …`, `is set to 1.4.0, but nothing proves that this is in force`. */
    readonly detail: string
  }[]
  /** Registries whose pin could not be read, and why: they are in `notServed`, and in the entry without a pin. */
  readonly notRead: readonly { readonly package: PackageRef; readonly error: ErrorReport }[]
  /** Why no slot is recorded; empty when one is, or there are none. */
  readonly slotNote: string
  /** The live entry that the named packages go into. */
  readonly mergesInto: number | null
}
