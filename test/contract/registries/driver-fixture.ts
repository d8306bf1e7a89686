import type { PackageRef } from '../../../src/domain/deployment.ts'
import type { PinnedVersion } from '../../../src/domain/plan.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import type { AnyDriver } from '../../../src/registries/driver.ts'
import type { FaultProxy } from '../../support/servers/fault-proxy.ts'
import type { FaultRule } from '../../support/servers/faults.ts'

/**
 * One package on one real or local registry: `old` was published first, then `bad`, which is what users get when the
 * fixture is handed over. Both pins were captured right after their publication. The driver reaches the registry
 * through the proxy only.
 */
export interface DriverFixture {
  readonly driver: AnyDriver
  readonly package: PackageRef
  /** As `bagboy.yaml` would hold them; the contract parses them with the driver's schema. */
  readonly options: Readonly<Record<string, unknown>>
  readonly versions: { readonly old: PinnedVersion; readonly bad: PinnedVersion }
  readonly platform: Platform
  /** Absolute; stands for the folder of `bagboy.yaml`. */
  readonly root: string
  /** Absolute; of the fixture, empty at first. */
  readonly cacheFolder: string
  /** Every credential in use, in every form it is sent in: none may show up anywhere. */
  readonly secrets: readonly string[]
  readonly proxy: Pick<FaultProxy, 'requests' | 'inject' | 'heal' | 'forget' | 'goDown'>
  /** What the driver's writes look like to the proxy. */
  readonly write: Pick<FaultRule, 'method' | 'path'>
  readonly limits: {
    /** A write over something unexpected is refused (git), not applied (OCI, npm). */
    readonly comparesAndSwaps: boolean
    /** `Retry-After` reaches the driver. */
    readonly tellsRetryAfter: boolean
  }
  /** What a target is called that `breakTarget` has broken. Default: `missing`. */
  readonly lostTarget?: 'closed'
  /** Waits until what was written is done, where that comes behind the answer. */
  readonly settle?: () => Promise<void>
  readonly world: DriverWorld
  close(): Promise<void>
}

/** The registry past driver and proxy: what others see and what others do. */
interface DriverWorld {
  /** The bare version users get now, by the field's own client where there is one. */
  servedVersion(): Promise<string | null>
  /** Somebody else moves the pointer to something that is neither `old` nor `bad`. */
  moveElsewhere(): Promise<void>
  /** Something `old` needs is no longer there. */
  breakTarget(): Promise<void>
  /** The registry refuses our credentials from now on, for writing at least. */
  revokeAccess(): Promise<void>
  /** The registry accepts writes from now on and does nothing with them. */
  swallowWrites(): Promise<void>
}

export type CreateDriverFixture = () => Promise<DriverFixture>
