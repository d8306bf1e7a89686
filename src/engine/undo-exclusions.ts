import { nameIn, packageKey, type Deployment, type PackageRecord } from '../domain/deployment.ts'
import type { PlanExclusion } from '../domain/plan.ts'
import type { RunView } from '../events/project-run.ts'
import { inspectAll, type Inspection } from '../planner/inspect-all.ts'
import type { Subject } from '../registries/driver.ts'
import { NEVER, type EngineParts } from './engine-parts.ts'
import { canTakeBack, movedSteps } from './undo-plan.ts'

/**
 * What an undo does not move, and why: each package of the release it returns to, and each of the run's own, so that its
 * entry in the history keeps them all. Reads what they serve now.
 */
export async function undoExclusions(
  parts: EngineParts,
  view: RunView,
  restored: Deployment | undefined,
): Promise<readonly PlanExclusion[]> {
  const moved = movedSteps(view)
  const steps = new Set(moved.filter(canTakeBack).map(({ plan }) => packageKey(plan.package)))
  const oneWay = new Set(moved.filter((step) => !canTakeBack(step)).map(({ plan }) => packageKey(plan.package)))
  const records = recordsOf(parts, view, restored).filter(([key]) => !steps.has(key))
  const subjects = records.map(([, record]) => subjectOf(view, record, parts.config.app))
  const inspections = await inspectAll(subjects, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: parts.config.rollback.parallelism,
    signal: NEVER,
  })
  return inspections.map((inspection) => exclude(inspection, view, oneWay.has(packageKey(inspection.subject.package))))
}

/** By their keys: those of the release, with their pins, and those that only the run knew. */
function recordsOf(
  { config }: EngineParts,
  { plan }: RunView,
  restored: Deployment | undefined,
): readonly (readonly [string, PackageRecord])[] {
  const own = [...plan.steps, ...plan.excluded].map(({ package: ref }) => ({ ...ref, status: 'unknown' }) as const)
  const records = [...own, ...(restored?.packages ?? [])]
  return [...new Map(records.map((record) => [packageKey(nameIn(record, config.app)), record]))]
}

function subjectOf({ plan }: RunView, record: PackageRecord, app: string): Subject {
  return {
    package: nameIn(record, app),
    from: { version: plan.to, pin: null },
    to: { version: plan.from, pin: record.ref ?? null },
  }
}

function exclude({ subject, registry, snapshot, error }: Inspection, view: RunView, isOneWay: boolean): PlanExclusion {
  const { package: ref, to } = subject
  const skipped = (reason: string): PlanExclusion => ({
    package: ref,
    status: 'skipped',
    reason,
    observed: snapshot?.pointer ?? null,
  })
  if (isOneWay) return skipped('it cannot be taken back')
  if (error) return skipped(`run ${view.id} did not move it; it could not be read: ${error.message}`)
  const isThere = registry.driver.plan({ subject, snapshot, options: registry.options }) === undefined
  if (!isThere) return skipped(`run ${view.id} did not move it; it does not serve ${to.version}`)
  return { package: ref, status: 'already', reason: `already at ${to.version}`, observed: snapshot.pointer }
}
