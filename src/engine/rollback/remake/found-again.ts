import { sameJson } from '../../../domain/text/json.ts'
import { stepId, type PlanExclusion, type PlanStep } from '../../../domain/plan.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'
import type { Snapshot } from '../../../registries/driver.ts'
import { comparePointer } from '../step/pointer-state.ts'
import { capturedSnapshot } from './captured-snapshot.ts'

/** What a package is planned again from. */
export interface FoundAgain {
  readonly inspection: Inspection
  /** Whether the registry was read for it. */
  readonly isRead: boolean
  /** Why the saved plan is stale. */
  readonly stale?: string
}

interface SavedSlot {
  readonly step?: PlanStep | undefined
  readonly exclusion?: PlanExclusion | undefined
}

/**
 * Holds what was read of a registry now against what the saved plan says of it. A registry that is at the goal already,
 * or that cannot be read now though it could be then, is planned from the state that the plan captured: the step reads
 * for itself before it writes. Pure.
 */
export function foundAgain(inspection: Inspection, { step, exclusion }: SavedSlot): FoundAgain {
  if (!step) return excludedAgain(inspection, exclusion)
  if (step.deferred !== '') return { inspection: deferredAgain(inspection, step), isRead: false }
  if (!inspection.snapshot) return unreadAgain(inspection, step)
  const { snapshot } = inspection
  if (sameJson(snapshot.pointer, step.before)) return { inspection, isRead: true }
  if (comparePointer(snapshot.pointer, step.before, step.want) !== 'want') return movedAgain(inspection)
  const captured: Snapshot = { ...snapshot, pointer: step.before, preview: step.preview }
  return { inspection: { ...inspection, snapshot: captured }, isRead: true }
}

function excludedAgain(inspection: Inspection, exclusion: PlanExclusion | undefined): FoundAgain {
  if (exclusion?.status !== 'already') return { inspection, isRead: true }
  const { subject, snapshot, registry, error } = inspection
  const id = stepId(subject.package)
  if (error) return { inspection, isRead: false, stale: `${id} cannot be read, so what it serves is unknown` }
  const draft = registry.driver.plan({ subject, snapshot, options: registry.options })
  return draft ? movedAgain(inspection) : { inspection, isRead: true }
}

function movedAgain(inspection: Inspection): FoundAgain {
  return { inspection, isRead: true, stale: stepId(inspection.subject.package) }
}

/** It could not be read then: its run decides by its own first read. */
function deferredAgain({ subject, registry, error }: Inspection, { deferred: message }: PlanStep): Inspection {
  const { code, hint, details } = error ?? { code: 'REGISTRY_UNREACHABLE', hint: null, details: null }
  return { subject, registry, snapshot: null, error: { code, hint, details, message } }
}

function unreadAgain(inspection: Inspection, step: PlanStep): FoundAgain {
  const { subject, registry } = inspection
  if (!sameJson(step.to.pin, subject.to.pin)) {
    const stale = `${step.id} cannot be read, so that what the plan holds of it cannot be compared`
    return { inspection, isRead: false, stale }
  }
  return {
    inspection: { subject, registry, snapshot: capturedSnapshot(step.before, step.preview), error: null },
    isRead: false,
  }
}
