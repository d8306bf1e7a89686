import type { Json } from '../../../domain/text/json.ts'
import type { RunView } from '../../../events/project-run.ts'
import { inspectAll } from '../../../planner/inspect-all.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { comparePointer } from './pointer-state.ts'
import { subjectOf } from '../run/run-context.ts'
import { movedSteps } from '../recovery/undo-plan.ts'

/**
 * Where the pointers of steps are that were begun and never proved: at one of their ends, or in between. One that is
 * elsewhere is not ours, and makes the plan stale. Reads only.
 */
export async function findUnproved(parts: EngineParts, view: RunView): Promise<ReadonlyMap<string, Json>> {
  const steps = movedSteps(view).filter(({ isOwed }) => isOwed)
  const inspections = await inspectAll(steps.map(subjectOf), {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: parts.config.rollback.parallelism,
    signal: NEVER,
  })
  return new Map(
    steps.flatMap((step, index) => {
      const inspection = inspections[index]
      if (!inspection?.snapshot) return []
      const { pointer } = inspection.snapshot
      const state = comparePointer(pointer, step.before, step.want, inspection.registry.driver)
      return state === 'other' ? [] : [[step.id, pointer] as const]
    }),
  )
}
