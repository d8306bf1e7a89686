import type { Deployment, PackageRecord } from '../domain/deployment.ts'
import type { PlanExclusion } from '../domain/plan.ts'
import type { Subject } from '../registries/driver.ts'

export interface PackageSelection {
  /** `format` or `format:registry`; empty = all. */
  readonly only: readonly string[]
  readonly except: readonly string[]
}

export interface Pairing {
  readonly subjects: readonly Subject[]
  readonly excluded: readonly PlanExclusion[]
}

/** Pairs every package of the active deployment with its record in the target; says which have none. Pure. */
export function pairPackages(
  active: Deployment,
  target: Deployment,
  app: string,
  selection: PackageSelection,
): Pairing {
  const subjects: Subject[] = []
  const excluded: PlanExclusion[] = []
  for (const record of active.packages) {
    const ref = { format: record.format, registry: record.registry, name: record.name === '' ? app : record.name }
    const counterpart = findCounterpart(target, record)
    if (!isSelected(record, selection)) {
      excluded.push({ package: ref, status: 'skipped', reason: 'left out by --only or --except', observed: null })
    } else if (counterpart) {
      subjects.push({
        package: ref,
        from: { version: active.version, pin: record.ref ?? null },
        to: { version: target.version, pin: counterpart.ref ?? null },
      })
    } else {
      const reason = `${target.version} was not deployed here; it is left as it is`
      excluded.push({ package: ref, status: 'not_in_target', reason, observed: null })
    }
  }
  return { subjects, excluded }
}

/**
 * The seed's entries may name no packages at all (its v1.2.0 has none): then the version counts as deployed wherever
 * the active one is, and the drivers find its artifacts by version.
 */
function findCounterpart(target: Deployment, record: PackageRecord): PackageRecord | undefined {
  const found = target.packages.find(
    ({ format, registry, name }) => format === record.format && registry === record.registry && name === record.name,
  )
  if (found) return found.status === 'failed' || found.status === 'not_in_target' ? undefined : found
  if (target.packages.length > 0) return undefined
  return { format: record.format, registry: record.registry, name: record.name, status: 'deployed' }
}

export function isSelected(record: { format: string; registry: string }, { only, except }: PackageSelection): boolean {
  const matches = (word: string) => word === record.format || word === `${record.format}:${record.registry}`
  return (only.length === 0 || only.some(matches)) && !except.some(matches)
}
