import type { Deployment, History, PackageStatus } from '../../../domain/deployment.ts'
import type { Slot } from '../../../domain/traffic/traffic.ts'
import type { Version } from '../../../domain/version.ts'

/** What puts a version into a slot; a rollback only leads to one that is there. */
const FILLING: ReadonlySet<Deployment['kind']> = new Set<Deployment['kind']>(['deploy', 'reissue'])
/** Of a deployment that did not get as far as its slot. */
const UNTOUCHED: ReadonlySet<PackageStatus> = new Set<PackageStatus>(['skipped', 'not_in_target'])

/**
 * The version that a slot runs, as far as the history knows: the newest that was deployed there, regardless of the
 * outcome. `null` when the history has none. Pure.
 */
export function versionIn({ deployments }: History, slot: Slot): Version | null {
  const found = deployments.find(
    ({ kind, packages }) =>
      FILLING.has(kind) &&
      packages.some(
        ({ format, ref, status }) => format === 'traffic' && !UNTOUCHED.has(status) && slotOf(ref) === slot,
      ),
  )
  return found?.version ?? null
}

function slotOf(pin: unknown): unknown {
  return pin !== null && typeof pin === 'object' && 'slot' in pin ? pin.slot : undefined
}
