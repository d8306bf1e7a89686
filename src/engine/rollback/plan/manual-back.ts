import { sameJson, type Json } from '../../../domain/text/json.ts'
import type { Action, PinnedVersion, PlanStep } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import type { StepDraft, Subject } from '../../../registries/driver.ts'

export interface WayBack {
  readonly step: Pick<PlanStep, 'package'>
  /** What the registry serves before and after the way back. */
  readonly leaves: PinnedVersion
  readonly reaches: PinnedVersion
  readonly pointer: Json
  readonly want: Json
  /** What is sent; its titles stand for commands where the driver has none that lead to `want`. */
  readonly actions: readonly Action[]
}

/** What a person would type to take a step back, one command a line; empty when nothing is known that does it. Pure. */
export function manualBack(way: WayBack, registry: BoundRegistry): readonly string[] {
  const subject = { package: way.step.package, from: way.leaves, to: way.reaches }
  const draft = draftOf(subject, way.pointer, registry)
  return draft && sameJson(draft.want, way.want) ? draft.manual : way.actions.map(({ title }) => title)
}

function draftOf(subject: Subject, pointer: Json, { driver, options }: BoundRegistry): StepDraft | undefined {
  const snapshot = {
    pointer,
    revision: null,
    serving: null,
    target: { status: 'present' },
    access: 'unknown',
    preview: { before: '', after: '' },
  } as const
  try {
    return driver.plan({ subject, snapshot, options })
  } catch (error) {
    // A pin that was never recorded leads nowhere; the titles of the actions remain.
    if (error instanceof BagboyError) return undefined
    throw error
  }
}
