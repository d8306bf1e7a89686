import type { BlueGreenSite } from './blue-green.ts'
import type { PublishedFormat } from './publish-releases.ts'

/** How the sandbox's project names its four registries, and where they really are. */
export interface SandboxRegistries {
  /** The `registry` of the configuration and of the history, by format. */
  readonly names: Readonly<Record<PublishedFormat, string>>
  /** Absolute paths of the bare repositories. */
  readonly tap: string
  readonly bucket: string
  /** `127.0.0.1:41234` */
  readonly imageHost: string
  readonly packageUrl: string
  /** Lets the npm command and us write to the package registry. */
  readonly packageToken: string
  /** Of the service whose health is watched; `undefined` when nothing is. */
  readonly serviceUrl: string | undefined
  /** `undefined` when that service is not two slots behind a balancer. */
  readonly blueGreen: BlueGreenSite | undefined
}
