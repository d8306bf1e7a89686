import type { Json } from '../domain/json.ts'
import { sameJson } from '../domain/json.ts'
import type { Action } from '../domain/plan.ts'
import type { Direction } from '../events/events.ts'
import type { StepView } from '../events/project-run.ts'
import type { BoundRegistry } from '../planner/bind-registries.ts'
import type { Snapshot } from '../registries/driver.ts'
import { comparePointer, type PointerState } from './pointer-state.ts'
import { subjectOf } from './run-context.ts'

/** What one attempt at a step means to do, decided from what was just read. */
export type StepGoal =
  | { readonly kind: 'nothing'; readonly detail: string }
  | { readonly kind: 'refuse'; readonly detail: string }
  | { readonly kind: 'conflict'; readonly detail: string }
  /** Our own earlier write seems to be there: only the read-back is missing. */
  | { readonly kind: 'verify'; readonly want: Json }
  | {
      readonly kind: 'write'
      readonly want: Json
      readonly actions: readonly Action[]
      /** The compensation; empty when this is one. */
      readonly undo: readonly Action[]
    }

/** Pure. */
export function decideGoal(
  step: StepView,
  direction: Direction,
  snapshot: Snapshot,
  registry: BoundRegistry,
): StepGoal {
  if (direction === 'undo') return decideUndo(step, snapshot)
  if (step.plan.deferred !== '' && !step.wasIntended) return decideDeferred(step, snapshot, registry)
  return decideForward(step, snapshot, registry)
}

/** Going back always writes: a read that says "nothing to undo" may come from a cache (registries are eventually consistent). */
function decideUndo(step: StepView, snapshot: Snapshot): StepGoal {
  if (!step.wasIntended) return { kind: 'nothing', detail: 'never started' }
  if (comparePointer(snapshot.pointer, step.before, step.want) === 'other') return conflict(step)
  return { kind: 'write', want: step.before, actions: step.undo, undo: [] }
}

function decideDeferred(step: StepView, snapshot: Snapshot, registry: BoundRegistry): StepGoal {
  if (snapshot.target.status !== 'present') return { kind: 'refuse', detail: snapshot.target.detail }
  if (snapshot.access === 'denied') return { kind: 'refuse', detail: 'the credentials may not write' }
  const draft = registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options })
  if (!draft) return { kind: 'nothing', detail: `already at ${step.plan.to.version}` }
  return { kind: 'write', want: draft.want, actions: draft.actions, undo: draft.undo }
}

function decideForward(step: StepView, snapshot: Snapshot, registry: BoundRegistry): StepGoal {
  const state = comparePointer(snapshot.pointer, step.before, step.want)
  if (state === 'want') {
    return step.wasIntended
      ? { kind: 'verify', want: step.want }
      : { kind: 'nothing', detail: `already at ${step.plan.to.version}` }
  }
  if (state === 'other' || (state === 'between' && !step.wasIntended)) return conflict(step)
  const actions = remainingActions(step, state, snapshot, registry)
  return { kind: 'write', want: step.want, actions, undo: step.undo }
}

/** The plan's own actions; once some of them took effect, only those the driver still finds necessary. */
function remainingActions(
  step: StepView,
  state: PointerState,
  snapshot: Snapshot,
  { driver, options }: BoundRegistry,
): readonly Action[] {
  const isFrozen = state === 'before' && step.plan.deferred === ''
  if (isFrozen) return step.plan.actions
  const draft = driver.plan({ subject: subjectOf(step), snapshot, options })
  return draft && sameJson(draft.want, step.want) ? draft.actions : step.plan.actions
}

function conflict(step: StepView): StepGoal {
  return {
    kind: 'conflict',
    detail: `somebody else moved it: it is neither as planned from (${step.plan.from.version}) nor at ${step.plan.to.version}`,
  }
}
