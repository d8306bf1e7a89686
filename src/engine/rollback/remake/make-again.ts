import { sameJson, type Json } from '../../../domain/text/json.ts'
import type { Action, PlanStep, RollbackPlan } from '../../../domain/plan.ts'
import { isInverted } from '../../../domain/step-ends.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import type { BoundRegistry, Registries } from '../../../planner/bind-registries.ts'
import type { Snapshot, StepDraft } from '../../../registries/driver.ts'
import { capturedSnapshot } from './captured-snapshot.ts'

/** What is sent for a step, and what takes it back. */
export interface MadeActions {
  readonly want: Json
  readonly actions: readonly Action[]
  readonly undo: readonly Action[]
}

/**
 * The actions of a step and their compensation, made by the driver from the pins and from the state that was captured:
 * what a journal or a plan says of them is compared and never sent. Pure.
 */
export function makeAgain(
  step: Pick<StepView, 'plan' | 'before'>,
  run: Pick<RollbackPlan, 'kind' | 'to'>,
  registry: BoundRegistry,
): MadeActions {
  const { plan } = step
  if (plan.isManual) return { want: plan.want, actions: [], undo: [] }
  if (run.kind === 'undo' && isInverted(plan, run)) {
    // It keeps the subject of the run that it takes back: its actions are the compensation of what that one does in the
    // state that is restored.
    const { before, after } = plan.preview
    const back = draftOf(plan, capturedSnapshot(plan.want, { before: after, after: before }), registry)
    return { want: plan.want, actions: back?.undo ?? [], undo: back?.actions ?? [] }
  }
  const draft = draftOf(plan, capturedSnapshot(step.before, plan.preview), registry)
  return { want: draft?.want ?? step.before, actions: draft?.actions ?? [], undo: draft?.undo ?? [] }
}

function draftOf(
  { package: ref, from, to }: PlanStep,
  snapshot: Snapshot,
  { driver, options }: BoundRegistry,
): StepDraft | undefined {
  return driver.plan({ subject: { package: ref, from, to }, snapshot, options })
}

/**
 * Holds what a run's journal says of steps against what their drivers make again.
 * @throws PLAN_CHANGED naming the first step and field that differ
 */
export function refuseOtherActions(view: RunView, steps: readonly StepView[], registries: Registries): void {
  for (const step of steps) {
    // Of what a person does nothing is sent, and of what was planned unread nothing is known yet.
    const sendsNothing = step.plan.isManual || (step.plan.deferred !== '' && !step.wasIntended)
    const made = sendsNothing
      ? { want: step.want, actions: [], undo: [] }
      : makeAgain(step, view.plan, registries(step.plan.package))
    const field = otherField(step, made)
    if (field !== undefined) throw changedRun(view, `${step.id}.${field}`)
  }
}

function otherField(step: StepView, made: MadeActions): string | undefined {
  // What overwrote a change from outside was planned from that change.
  const isFromCaptured = step.overwrites === null
  if (isFromCaptured && !sameJson(step.want, made.want)) return 'want'
  if (isFromCaptured && !sameActions(step.actions, made.actions)) return 'actions'
  return sameActions(step.undo, made.undo) ? undefined : 'undo'
}

/** By what is sent; another version of this program may call it by another title. */
function sameActions(recorded: readonly Action[], made: readonly Action[]): boolean {
  const untitled = (actions: readonly Action[]) => actions.map(({ title: _title, ...sent }) => sent as Json)
  return sameJson(untitled(recorded), untitled(made))
}

function changedRun({ id: run, result, plan }: RunView, where: string): BagboyError {
  // What is finished cannot be ended.
  const otherwise =
    result === null || result === 'manual'
      ? `end the run as it stands: bagboy-tui runs abort ${run} --reason TEXT`
      : `plan a rollback: bagboy-tui rollback ${plan.from}`
  return new BagboyError(
    'PLAN_CHANGED',
    `The run ${run} was not begun with this configuration, or its journal was edited; nothing was sent: ${where} is not what is planned here.`,
    {
      hint: `Set the registry's entry in bagboy.yaml back to what it was, or ${otherwise}`,
      details: { path: where },
    },
  )
}
