import { nameIn, packageKey, type Deployment, type History, type PackageRecord } from '../../../domain/deployment.ts'
import type { PlanExclusion } from '../../../domain/plan.ts'
import type { RunView } from '../../../events/project-run.ts'
import { inspectAll, type Inspection } from '../../../planner/inspect-all.ts'
import type { Subject } from '../../../registries/driver.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { canTakeBack, movedSteps } from './undo-plan.ts'

/**
 * What an undo does not move, and why: each package of the release it returns to, of the run, and of the run's own entry,
 * so that none falls out of the history. Reads what they serve now.
 */
export async function undoExclusions(
  parts: EngineParts,
  view: RunView,
  restored: Deployment | undefined,
  { deployments }: History,
): Promise<readonly PlanExclusion[]> {
  const { app } = view.plan
  const moved = movedSteps(view)
  const keysOf = (steps: typeof moved) => new Set(steps.map(({ plan }) => packageKey(plan.package)))
  const [steps, oneWay] = [keysOf(moved.filter(canTakeBack)), keysOf(moved.filter((step) => !canTakeBack(step)))]
  const own = deployments.find(({ run }) => run === view.id)?.packages ?? []
  const others = recordsOf([...own, ...packagesOf(view), ...(restored?.packages ?? [])], app)
  const isPart = ({ status }: PackageRecord) => status !== 'not_in_target'
  const release = recordsOf((restored?.packages ?? [...own, ...packagesOf(view)]).filter(isPart), app)
  const subjects = [...release].filter(([key]) => !steps.has(key)).map(([, record]) => subjectOf(view, record))
  const inspections = await inspectAll(subjects, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: parts.config.rollback.parallelism,
    signal: NEVER,
  })
  return [
    ...inspections.map((inspection) => exclude(inspection, view, oneWay.has(packageKey(inspection.subject.package)))),
    ...[...others].filter(([key]) => !steps.has(key) && !release.has(key)).map(([, record]) => elsewhere(record, view)),
  ]
}

function recordsOf(records: readonly PackageRecord[], app: string): ReadonlyMap<string, PackageRecord> {
  const named = records.map((record) => ({ ...record, ...nameIn(record, app) }))
  return new Map(named.map((record) => [packageKey(record), record]))
}

function packagesOf({ plan }: RunView): readonly PackageRecord[] {
  return [...plan.steps, ...plan.excluded].map(({ package: ref }) => ({ ...ref, status: 'unknown' }))
}

function subjectOf({ plan }: RunView, { format, registry, name, ref }: PackageRecord): Subject {
  return {
    package: { format, registry, name },
    from: { version: plan.to, pin: null },
    to: { version: plan.from, pin: ref ?? null },
  }
}

/** A package that the release an undo returns to does not have. */
function elsewhere({ format, registry, name }: PackageRecord, { plan }: RunView): PlanExclusion {
  const reason = `${plan.from} was not deployed here; it is left as it is`
  return { package: { format, registry, name }, status: 'not_in_target', reason, observed: null }
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
