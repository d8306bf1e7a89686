import type { Json } from '../domain/json.ts'
import type { PlanStep, RollbackPlan } from '../domain/plan.ts'
import type { RunView, StepView } from '../events/project-run.ts'
import { BagboyError } from '../errors/bagboy-error.ts'

export interface UndoFacts {
  readonly id: string
  readonly now: string
  readonly expires: string
  readonly historyHash: string
  readonly configHash: string
  /** History id of the entry that is restored. */
  readonly targetId: number
  readonly reason: string
}

/**
 * The plan that takes a finished run back: every pointer it moved, to exactly what it captured. Same road: shown, run,
 * read back. Pure.
 * @throws RUN_NOT_OPEN when the run moved nothing.
 */
export function planUndo(view: RunView, facts: UndoFacts): RollbackPlan {
  const moved = view.steps.filter(({ status, undo }) => status === 'done' && undo.length > 0)
  if (moved.length === 0) {
    throw new BagboyError('RUN_NOT_OPEN', `The run ${view.id} moved nothing that could be taken back.`)
  }
  const lastGroup = Math.max(...moved.map(({ plan }) => plan.group))
  const { id, now, ...rest } = facts
  return {
    ...view.plan,
    ...rest,
    id,
    kind: 'undo',
    created: now,
    from: view.plan.to,
    to: view.plan.from,
    overrides: [],
    hold: false,
    steps: moved.map((step) => invertStep(step, lastGroup)).sort((a, b) => a.group - b.group),
    excluded: [],
    findings: [],
  }
}

/** The subject stays as it was, so that the driver reads the pointer in the very form that was captured. */
function invertStep(step: StepView, lastGroup: number): PlanStep {
  const { plan } = step
  return {
    ...plan,
    title: `Restore ${plan.package.format} to ${plan.from.version}`,
    group: lastGroup - plan.group,
    before: currentOf(step),
    want: step.before,
    actions: step.undo,
    undo: step.actions,
    preview: { before: plan.preview.after, after: plan.preview.before },
    manual: [],
    deferred: '',
  }
}

function currentOf({ proof, want }: StepView): Json {
  return proof === null ? want : proof
}
