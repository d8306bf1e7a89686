import type { Json } from '../domain/text/json.ts'
import { READS_REQUIRED, type Action, type PlanStep } from '../domain/plan.ts'
import type { ErrorReport } from '../errors/bagboy-error.ts'
import { isRunning, isTerminal, type StepStatus } from '../machine/step-status.ts'
import type { Direction, Stamped } from './events.ts'
import { isRefused } from './is-refused.ts'

export interface StepView {
  readonly id: string
  readonly plan: PlanStep
  readonly status: StepStatus
  /** An intent without its proof: the effect may or may not be there. */
  readonly isOwed: boolean
  readonly direction: Direction
  /** From the plan; from the intent as soon as there is one. */
  readonly before: Json
  readonly want: Json
  readonly actions: readonly Action[]
  readonly undo: readonly Action[]
  /** An intent to go forward was ever recorded: going back owes its compensation. */
  readonly wasIntended: boolean
  /** Something was sent to go forward that was not certainly refused. */
  readonly mayHaveEffect: boolean
  /** Something was sent to go forward, and no answer to it is recorded. */
  readonly isUnanswered: boolean
  /** A person was ever waited for: going back waits for them again. */
  readonly wasAwaited: boolean
  /** A person was waited for to take it back. */
  readonly wasAwaitedBack: boolean
  /** What a person has to do, one command a line. */
  readonly byHand: readonly string[]
  /** The compensation by hand, one command a line. */
  readonly undoByHand: readonly string[]
  /** The change from outside that an operator allowed to overwrite. */
  readonly overwrites: Json
  readonly attempt: number
  readonly done: number
  readonly total: number
  readonly label: string
  readonly detail: string
  readonly error: ErrorReport | null
  readonly proof: Json
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly durationMs: number
}

/** As the plan has it. Pure. */
export function startStep(plan: PlanStep): StepView {
  return {
    id: plan.id,
    plan,
    status: 'pending',
    isOwed: false,
    direction: 'do',
    before: plan.before,
    want: plan.want,
    actions: plan.actions,
    undo: plan.undo,
    wasIntended: false,
    mayHaveEffect: false,
    isUnanswered: false,
    wasAwaited: false,
    wasAwaitedBack: false,
    byHand: plan.manual,
    undoByHand: plan.undo.map(({ title }) => title),
    overwrites: null,
    attempt: 0,
    done: 0,
    total: plan.actions.length + READS_REQUIRED,
    label: '',
    detail: '',
    error: null,
    proof: null,
    startedAt: null,
    finishedAt: null,
    durationMs: 0,
  }
}

type StepEvent = Exclude<
  Extract<Stamped, { step: string }>,
  { type: 'operator.decided' | 'exclusion.verified' | 'step.added' }
>

/** Pure. */
export function applyToStep(step: StepView, event: StepEvent): StepView {
  switch (event.type) {
    case 'step.started':
      return {
        ...step,
        status: 'checking',
        direction: event.direction,
        attempt: event.attempt,
        error: null,
        detail: '',
        startedAt: step.startedAt ?? event.at,
        finishedAt: null,
      }
    case 'step.intent':
      return { ...step, ...applyIntent(step, event), direction: event.direction, attempt: event.attempt, isOwed: true }
    case 'step.progress':
      return {
        ...step,
        done: event.done,
        total: event.total,
        label: event.label,
        status: event.status,
        isUnanswered: step.isUnanswered || (event.status === 'executing' && step.direction === 'do'),
      }
    case 'step.answered':
      return { ...step, ...applyAnswer(step, event), error: event.error ?? step.error }
    case 'step.retrying':
      return { ...step, attempt: event.attempt, error: event.error, label: 'waiting to try again' }
    case 'step.waiting':
      return { ...step, ...applyWait(step, event), direction: event.direction }
    case 'step.narrowed': {
      const { before, want, actions, undo } = event
      return { ...step, before, want, actions, undo, undoByHand: undo.map(({ title }) => title) }
    }
    case 'step.verified':
      return {
        ...step,
        isOwed: false,
        proof: event.proof,
        error: null,
        mayHaveEffect: step.mayHaveEffect || (event.direction === 'do' && step.wasIntended),
      }
    case 'step.finished':
      return {
        ...step,
        status: event.status,
        detail: event.detail,
        error: event.error,
        durationMs: event.durationMs,
        finishedAt: event.at,
        done: isTerminal(event.status) || event.status === 'undone' ? step.total : step.done,
      }
  }
}

/** An answer to a compensation says nothing of what it compensates. */
function applyAnswer(
  step: StepView,
  { error, movesNothing = false }: Extract<Stamped, { type: 'step.answered' }>,
): Partial<StepView> {
  if (step.direction === 'undo') return {}
  if (movesNothing) return { isUnanswered: false }
  return { isUnanswered: false, mayHaveEffect: step.mayHaveEffect || error === null || !isRefused(error) }
}

/** A step is left out in the direction in which the run goes: what it did before is taken back all the same. */
export function decideStep(
  step: StepView,
  event: Extract<Stamped, { type: 'operator.decided' }>,
  view: { readonly direction: Direction | null },
): StepView {
  const direction = event.decision === 'skip' ? (view.direction ?? 'do') : step.direction
  const overwrites = event.decision === 'overwrite' ? (event.observed ?? null) : step.overwrites
  return { ...step, direction, overwrites, detail: event.reason }
}

/**
 * The first intent captured what was there before us: later ones never overwrite it. What is wanted and sent is another
 * thing once a change from outside is overwritten.
 */
function applyIntent(step: StepView, intent: Extract<Stamped, { type: 'step.intent' }>): Partial<StepView> {
  if (intent.direction === 'undo') return { status: 'executing' }
  const { pre: before, want, actions, undo, undoByHand = undo.map(({ title }) => title) } = intent
  if (!step.wasIntended) {
    const plan = intent.pin === undefined ? step.plan : { ...step.plan, to: { ...step.plan.to, pin: intent.pin } }
    return { status: 'executing', plan, before, want, actions, undo, undoByHand, wasIntended: true }
  }
  return step.overwrites === null ? { status: 'executing' } : { status: 'executing', want, actions }
}

/** What a person has to do; the first wait records where the pointer was before it was moved. */
function applyWait(step: StepView, wait: Extract<Stamped, { type: 'step.waiting' }>): Partial<StepView> {
  if (wait.direction === 'undo') return { byHand: wait.byHand, wasAwaitedBack: true }
  if (step.wasAwaited) return { byHand: wait.byHand }
  return { before: wait.pre, want: wait.want, byHand: wait.byHand, wasAwaited: true }
}

/** A step that was running in a process that is gone; one that a person left out stays so. */
export function orphanStep(step: StepView): StepView {
  if (step.status === 'skipped') return step
  return isRunning(step.status) || step.isOwed ? { ...step, status: 'unknown' } : step
}
