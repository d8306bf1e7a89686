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
  /** It seems to be there, by our own earlier write or by a person: only the read-back is missing. */
  | { readonly kind: 'verify'; readonly want: Json }
  /** A person has to do it. */
  | { readonly kind: 'wait'; readonly pre: Json; readonly want: Json; readonly byHand: readonly string[] }
  | {
      readonly kind: 'write'
      readonly want: Json
      readonly actions: readonly Action[]
      /** The compensation; empty when this is one. */
      readonly undo: readonly Action[]
      /** Where the pointer may still be seen until the write is seen. */
      readonly from: Json
    }

/** Pure. */
export function decideGoal(
  step: StepView,
  direction: Direction,
  snapshot: Snapshot,
  registry: BoundRegistry,
): StepGoal {
  if (step.plan.isManual) return decideManual({ step, direction, snapshot, registry })
  if (direction === 'undo') return decideUndo(step, snapshot, registry)
  if (step.plan.deferred !== '' && !step.wasIntended) return decideDeferred(step, snapshot, registry)
  return decideForward(step, snapshot, registry)
}

interface ManualCase {
  readonly step: StepView
  readonly direction: Direction
  readonly snapshot: Snapshot
  readonly registry: BoundRegistry
}

function decideManual({ step, direction, snapshot, registry }: ManualCase): StepGoal {
  if (direction === 'undo') return decideManualUndo(step, snapshot)
  const isUnplanned = step.plan.deferred !== '' && !step.wasAwaited
  if (isUnplanned) {
    const draft = registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options })
    if (!draft) return { kind: 'nothing', detail: `already at ${step.plan.to.version}` }
    return { kind: 'wait', pre: snapshot.pointer, want: draft.want, byHand: draft.manual }
  }
  const state = comparePointer(snapshot.pointer, step.before, step.want)
  if (state === 'want') return { kind: 'verify', want: step.want }
  if (state === 'other') return conflict(step)
  return { kind: 'wait', pre: step.before, want: step.want, byHand: step.plan.manual }
}

/** What a person has moved a person moves back. */
function decideManualUndo(step: StepView, { pointer }: Snapshot): StepGoal {
  const state = step.wasAwaited ? comparePointer(pointer, step.before, step.want) : 'before'
  if (state === 'before') return { kind: 'nothing', detail: 'nobody moved it' }
  if (state === 'other') return conflict(step)
  const byHand = [`Take ${step.plan.package.format} back to ${step.plan.from.version}, as it was before`]
  return { kind: 'wait', pre: step.want, want: step.before, byHand }
}

/** Going back always writes: a read that says "nothing to undo" may come from a cache (registries are eventually consistent). */
function decideUndo(step: StepView, snapshot: Snapshot, { driver }: BoundRegistry): StepGoal {
  if (!step.wasIntended) return { kind: 'nothing', detail: 'never started' }
  const isOther = comparePointer(snapshot.pointer, step.before, step.want, driver) === 'other'
  if (isOther && !mayOverwrite(step, snapshot)) return conflict(step)
  return {
    kind: 'write',
    want: step.before,
    actions: step.undo,
    undo: [],
    from: isOther ? snapshot.pointer : step.want,
  }
}

function decideDeferred(step: StepView, snapshot: Snapshot, registry: BoundRegistry): StepGoal {
  if (snapshot.target.status !== 'present') return { kind: 'refuse', detail: snapshot.target.detail }
  if (snapshot.access === 'denied') return { kind: 'refuse', detail: 'the credentials may not write' }
  return planAnew(step, snapshot, registry)
}

/** From what is there now, whatever the plan saw. */
function planAnew(step: StepView, snapshot: Snapshot, { driver, options }: BoundRegistry): StepGoal {
  const draft = driver.plan({ subject: subjectOf(step), snapshot, options })
  if (!draft) return { kind: 'nothing', detail: `already at ${step.plan.to.version}` }
  const { want, actions, undo } = draft
  return { kind: 'write', want, actions, undo, from: snapshot.pointer }
}

/** An operator has seen this very change of somebody else, and said that it may go. */
function mayOverwrite({ overwrites }: StepView, { pointer }: Snapshot): boolean {
  return overwrites !== null && sameJson(overwrites, pointer)
}

function decideForward(step: StepView, snapshot: Snapshot, registry: BoundRegistry): StepGoal {
  const state = comparePointer(snapshot.pointer, step.before, step.want, registry.driver)
  // Written down and not done: writing it once more is what brings it about.
  if (state === 'want' && snapshot.isSettled === false) return planAnew(step, snapshot, registry)
  if (state === 'want') {
    return step.wasIntended
      ? { kind: 'verify', want: step.want }
      : { kind: 'nothing', detail: `already at ${step.plan.to.version}` }
  }
  const isForeign = state === 'other' || (state === 'between' && !step.wasIntended)
  if (isForeign) return mayOverwrite(step, snapshot) ? planAnew(step, snapshot, registry) : conflict(step)
  const actions = remainingActions(step, state, snapshot, registry)
  return { kind: 'write', want: step.want, actions, undo: step.undo, from: step.before }
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
