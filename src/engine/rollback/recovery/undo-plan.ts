import type { Json } from '../../../domain/text/json.ts'
import type { PlanExclusion, PlanStep, RollbackPlan } from '../../../domain/plan.ts'
import { isInverted, restoreTitle, stepEnds } from '../../../domain/step-ends.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import { mayHaveMoved } from '../../../events/step-ending.ts'
import type { Registries } from '../../../planner/bind-registries.ts'
import { makeAgain } from '../remake/make-again.ts'
import { manualBack } from '../plan/manual-back.ts'

export interface UndoFacts {
  readonly id: string
  readonly now: string
  readonly expires: string
  readonly historyHash: string
  readonly configHash: string
  /** History id of the entry that is restored. */
  readonly targetId: number
  readonly reason: string
  /** Every package of the release that is restored, or left, that the run did not move. */
  readonly excluded: readonly PlanExclusion[]
  /** Where the pointers of steps are that were never proved, by step id. */
  readonly found: ReadonlyMap<string, Json>
}

/** The steps of a finished run that may have changed something which nothing has taken back since. Pure. */
export function movedSteps({ steps }: RunView): readonly StepView[] {
  return steps.filter((step) => mayHaveMoved(step) && step.status !== 'undone')
}

/** Whether there is anything that takes a step back: by us, or by the person who did it. Pure. */
export function canTakeBack({ plan, undo }: StepView): boolean {
  return plan.isManual || undo.length > 0
}

/**
 * The plan that takes a finished run back: every pointer it moved, to exactly what it captured. Same road: shown, run,
 * read back. Pure.
 */
export function planUndo(view: RunView, facts: UndoFacts, registries: Registries): RollbackPlan {
  const moved = movedSteps(view).filter(canTakeBack)
  const lastGroup = Math.max(0, ...moved.map(({ plan }) => plan.group))
  const { id, now, excluded, found, ...rest } = facts
  return {
    ...view.plan,
    ...rest,
    id,
    kind: 'undo',
    undoes: view.id,
    created: now,
    from: view.plan.to,
    to: view.plan.from,
    overrides: [],
    hold: false,
    // A compensation that is refused is no reason to leave the others undone, and none to take back those that were not.
    onPartialFailure: 'continue',
    steps: moved
      .map((step) => invertStep(step, { view, lastGroup, registries, found }))
      .sort((a, b) => a.group - b.group),
    excluded,
    findings: [],
  }
}

interface Inverting extends Pick<UndoFacts, 'found'> {
  readonly view: RunView
  readonly lastGroup: number
  readonly registries: Registries
}

/** The subject stays as it was, so that the driver reads the pointer in the very form that was captured. */
function invertStep(step: StepView, { view, lastGroup, registries, found }: Inverting): PlanStep {
  const { plan } = step
  const { from, to } = stepEnds(plan, view.plan)
  const before = found.get(step.id) ?? currentOf(step)
  const registry = registries(plan.package)
  const made = makeAgain(step, view.plan, registry)
  const way = { step: plan, leaves: to, reaches: from, pointer: before, want: step.before, actions: made.undo }
  return {
    ...plan,
    title: restoreTitle(plan, from.version),
    group: lastGroup - plan.group,
    isInverted: !isInverted(plan, view.plan),
    before,
    want: step.before,
    actions: made.undo,
    undo: made.actions,
    preview: { before: plan.preview.after, after: plan.preview.before },
    manual: manualBack(way, registry),
    deferred: '',
  }
}

function currentOf({ proof, want }: StepView): Json {
  return proof === null ? want : proof
}
