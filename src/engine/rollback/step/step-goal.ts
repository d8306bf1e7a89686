import type { Json } from '../../../domain/text/json.ts'
import { sameJson } from '../../../domain/text/json.ts'
import type { Action, RollbackPlan } from '../../../domain/plan.ts'
import { stepEnds } from '../../../domain/step-ends.ts'
import type { Direction } from '../../../events/events.ts'
import type { StepView } from '../../../events/project-run.ts'
import { mayHaveMoved } from '../../../events/step-ending.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import type { Snapshot } from '../../../registries/driver.ts'
import { CHANGED, LACKING } from '../../../validation/registry-findings.ts'
import { makeAgain } from '../remake/make-again.ts'
import { manualBack } from '../plan/manual-back.ts'
import { comparePointer, type PointerState } from './pointer-state.ts'
import { subjectOf } from '../run/run-context.ts'

/** What one attempt at a step means to do, decided from what was just read. */
export type StepGoal =
  | { readonly kind: 'nothing'; readonly detail: string }
  | { readonly kind: 'refuse'; readonly detail: string }
  | { readonly kind: 'conflict'; readonly detail: string }
  /** It seems to be there, by our own earlier write or by a person: only the read-back is missing. */
  | { readonly kind: 'verify'; readonly want: Json }
  /** It seems to be there without us: that has to be proved, or else it is written. */
  | { readonly kind: 'confirm'; readonly want: Json; readonly detail: string }
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

/** A step of a run that goes in a direction, and what was just read of its registry. */
export interface StepCase {
  readonly step: StepView
  readonly plan: Pick<RollbackPlan, 'kind' | 'to' | 'overrides'>
  readonly direction: Direction
  readonly snapshot: Snapshot
  readonly registry: BoundRegistry
}

/** The one decision about a step: runs act on it, and the recovery report states it. Pure. */
export function decideGoal(given: StepCase): StepGoal {
  const goal = goalOf(given)
  return isLost(given, goal) ? { kind: 'refuse', detail: lacking(given.plan, given.snapshot) ?? '' } : goal
}

function goalOf(given: StepCase): StepGoal {
  const { step, direction } = given
  if (step.plan.isManual) return direction === 'undo' ? decideManualUndo(given) : decideManual(given)
  if (direction === 'undo') return decideUndo(given)
  if (step.plan.deferred !== '' && !step.wasIntended) return decideDeferred(given)
  return decideForward(given)
}

/** What a step is about to lead to is gone since it was validated: a write that was begun is finished, none is begun. */
function isLost({ step, plan, direction, snapshot }: StepCase, goal: StepGoal): boolean {
  const leadsBack = direction === 'undo' || plan.kind === 'undo'
  return goal.kind === 'write' && !leadsBack && !step.wasIntended && lacking(plan, snapshot) !== undefined
}

/** Why the target is of no use; `undefined` when it is usable and as recorded, or a person insisted on what is there of it. */
function lacking({ overrides }: Pick<RollbackPlan, 'overrides'>, { target }: Snapshot): string | undefined {
  if (target.status !== 'present') return target.detail
  const uncompared = overrides.includes(CHANGED) ? undefined : target.uncompared?.detail
  const isAccepted = target.lacks?.isUsable === true || overrides.includes(LACKING)
  return uncompared ?? (isAccepted ? undefined : target.lacks?.detail)
}

function decideManual(given: StepCase): StepGoal {
  const { step, snapshot, registry } = given
  const isUnplanned = step.plan.deferred !== '' && !step.wasAwaited
  if (isUnplanned) {
    const draft = registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options })
    if (!draft) return already(given, snapshot.pointer)
    return { kind: 'wait', pre: snapshot.pointer, want: draft.want, byHand: draft.manual }
  }
  const state = comparePointer(snapshot.pointer, step.before, step.want)
  if (state === 'want') return { kind: 'verify', want: step.want }
  if (state === 'other') return conflict(given)
  return { kind: 'wait', pre: step.before, want: step.want, byHand: step.plan.manual }
}

/** What a person has moved a person moves back. */
function decideManualUndo(given: StepCase): StepGoal {
  const { step, snapshot } = given
  if (!step.wasAwaited) return { kind: 'nothing', detail: 'never started' }
  const state = comparePointer(snapshot.pointer, step.before, step.want)
  if (state === 'before') return { kind: 'verify', want: step.before }
  if (state === 'other') return conflict(given)
  return { kind: 'wait', pre: step.want, want: step.before, byHand: handsBack(given) }
}

function handsBack({ step, plan, registry }: StepCase): readonly string[] {
  const { from, to } = stepEnds(step.plan, plan)
  const way = { step: step.plan, leaves: to, reaches: from, pointer: step.want, want: step.before, actions: [] }
  const commands = manualBack(way, registry)
  return commands.length > 0 ? commands : [`Take ${step.plan.package.format} back to ${from.version}, as it was before`]
}

/**
 * Going back always writes where a request of ours may have had an effect: a read that says "nothing to undo" may come
 * from a cache (registries are eventually consistent). Only where nothing was sent, or all of it was refused, and the
 * registry does not show what we wanted either, there is nothing to take back.
 */
function decideUndo(given: StepCase): StepGoal {
  const { step, plan, snapshot, registry } = given
  if (!step.wasIntended) return { kind: 'nothing', detail: 'never started' }
  const state = comparePointer(snapshot.pointer, step.before, step.want, registry.driver)
  if (!mayHaveMoved(step) && (state === 'before' || state === 'other')) {
    return { kind: 'nothing', detail: 'nothing was changed: no request was sent, or each was refused' }
  }
  if (state === 'other' && !mayOverwrite(step, snapshot)) return conflict(given)
  return {
    kind: 'write',
    want: step.before,
    actions: makeAgain(step, plan, registry).undo,
    undo: [],
    from: state === 'other' ? snapshot.pointer : step.want,
  }
}

function decideDeferred(given: StepCase): StepGoal {
  const { access, accessNote } = given.snapshot
  const lack = lacking(given.plan, given.snapshot)
  if (lack !== undefined) return { kind: 'refuse', detail: lack }
  if (access === 'denied') return { kind: 'refuse', detail: accessNote?.detail ?? 'the credentials may not write' }
  return planAnew(given)
}

/** From what is there now, regardless of what the plan saw. */
function planAnew(given: StepCase): StepGoal {
  const { step, plan, snapshot, registry } = given
  // A driver would plan the way of the subject, which is the run that is taken back; what was captured is fixed.
  if (plan.kind === 'undo') return rewrite(given)
  const draft = registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options })
  if (!draft) return already(given, snapshot.pointer)
  const { want, actions, undo } = draft
  return { kind: 'write', want, actions, undo, from: snapshot.pointer }
}

function rewrite({ step, plan, snapshot, registry }: StepCase): StepGoal {
  const { from, to } = stepEnds(step.plan, plan)
  const subject = { package: step.plan.package, from, to }
  const draft = registry.driver.plan({ subject, snapshot, options: registry.options })
  const { actions, undo } = draft && sameJson(draft.want, step.want) ? draft : makeAgain(step, plan, registry)
  return { kind: 'write', want: step.want, actions, undo, from: snapshot.pointer }
}

/** An operator has seen this very change from outside and allowed to overwrite it. Pure. */
export function mayOverwrite({ overwrites }: StepView, { pointer }: Pick<Snapshot, 'pointer'>): boolean {
  return overwrites !== null && sameJson(overwrites, pointer)
}

function decideForward(given: StepCase): StepGoal {
  const { step, snapshot, registry } = given
  const state = comparePointer(snapshot.pointer, step.before, step.want, registry.driver)
  // Written down and not done: where a driver has something to write for that, writing it once more is what brings it about.
  if (state === 'want' && snapshot.isApplied === false && hasMore(given)) return planAnew(given)
  if (state === 'want') return step.wasIntended ? { kind: 'verify', want: step.want } : already(given, step.want)
  const isForeign = state === 'other' || (state === 'between' && !step.wasIntended)
  if (isForeign) return mayOverwrite(step, snapshot) ? planAnew(given) : conflict(given)
  return writeOn(given, state)
}

function hasMore({ step, plan, snapshot, registry }: StepCase): boolean {
  if (plan.kind === 'undo') return true
  return registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options }) !== undefined
}

/**
 * Goes on to the goal of the plan with what the driver still finds necessary. A driver that finds another goal in the
 * state that was planned from was given another plan than it made.
 */
function writeOn({ step, plan, snapshot, registry }: StepCase, state: PointerState): StepGoal {
  const made = makeAgain(step, plan, registry)
  const draft =
    plan.kind === 'undo'
      ? undefined
      : registry.driver.plan({ subject: subjectOf(step), snapshot, options: registry.options })
  const isGoal = draft !== undefined && sameJson(draft.want, step.want)
  if (plan.kind !== 'undo' && !isGoal && state === 'before') {
    return { kind: 'refuse', detail: 'what is planned from this state now is not what the run was begun with' }
  }
  return {
    kind: 'write',
    want: step.want,
    actions: isGoal ? draft.actions : made.actions,
    undo: made.undo,
    from: step.before,
  }
}

function already({ step, plan }: StepCase, want: Json): StepGoal {
  return { kind: 'confirm', want, detail: `already at ${stepEnds(step.plan, plan).to.version}` }
}

function conflict({ step, plan }: StepCase): StepGoal {
  const { from, to } = stepEnds(step.plan, plan)
  return {
    kind: 'conflict',
    detail: `it was moved from outside: it is neither as planned from (${from.version}) nor at ${to.version}`,
  }
}
