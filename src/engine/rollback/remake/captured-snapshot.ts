import type { PlanStep } from '../../../domain/plan.ts'
import type { Json } from '../../../domain/text/json.ts'
import type { Snapshot } from '../../../registries/driver.ts'

/** What a step was planned from, as far as it was captured: enough for a driver to make the same step again. Pure. */
export function capturedSnapshot(pointer: Json, preview: PlanStep['preview']): Snapshot {
  return {
    pointer,
    revision: null,
    serving: null,
    target: { status: 'present' },
    access: 'unknown',
    preview,
    // Of a step whose pointer already stood where it leads, this is why there was one.
    isApplied: false,
  }
}
