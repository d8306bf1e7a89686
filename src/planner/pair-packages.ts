import { nameIn, packageKey, type Deployment, type PackageRecord, type PackageRef } from '../domain/deployment.ts'
import type { PlanExclusion } from '../domain/plan.ts'
import { isSelected, type PackageSelection } from '../domain/package-selector.ts'
import type { Subject } from '../registries/driver.ts'
import { checkSelection } from './check-selection.ts'

/** Of a package that a person has left out. */
export const LEFT_OUT = 'left out by --only or --except'

export interface Pairing {
  readonly subjects: readonly Subject[]
  readonly excluded: readonly PlanExclusion[]
}

/**
 * Pairs every package of the active deployment with its record in the target; says which have none. Pure.
 * @throws USAGE for a selection that names no package, or leaves none
 */
export function pairPackages(
  active: Deployment,
  target: Deployment,
  app: string,
  selection: PackageSelection,
): Pairing {
  const subjects: Subject[] = []
  const excluded: PlanExclusion[] = []
  const named = active.packages.map((record) => ({ record, ref: nameIn(record, app) }))
  checkSelection(
    named.map(({ ref }) => ref),
    selection,
  )
  for (const { record, ref } of named) {
    const counterpart = findCounterpart(target, ref, app)
    const from = { version: active.version, pin: record.ref ?? null }
    if (!isSelected(ref, selection)) {
      excluded.push({ package: ref, status: 'skipped', reason: LEFT_OUT, observed: null, from })
    } else if (counterpart) {
      subjects.push({
        package: ref,
        from,
        to: { version: target.version, pin: counterpart.ref ?? null },
      })
    } else {
      const reason = `${target.version} was not deployed here; it is left as it is`
      excluded.push({ package: ref, status: 'not_in_target', reason, observed: null, from })
    }
  }
  return { subjects, excluded }
}

/**
 * The seed's entries may name no packages at all (its v1.2.0 has none): then the version counts as deployed wherever
 * the active one is, and the drivers find its artifacts by version.
 */
function findCounterpart(target: Deployment, ref: PackageRef, app: string): PackageRecord | undefined {
  const found = target.packages.find((record) => packageKey(nameIn(record, app)) === packageKey(ref))
  if (found) return found.status === 'failed' || found.status === 'not_in_target' ? undefined : found
  if (target.packages.length > 0) return undefined
  return { ...ref, status: 'deployed' }
}
