import type { ErrorReport } from '../errors/bagboy-error.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { READS_REQUIRED, type Action, type Finding, type PlanStep, type RollbackPlan } from '../domain/plan.ts'
import { isRunning, isSettled, type StepStatus } from '../machine/step-status.ts'
import type { Phase } from '../machine/transitions.ts'
import type { Direction, Observation, RunResult, Stamped } from './events.ts'
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
  /** What somebody else put there and an operator said may be written over. */
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

export interface RunView {
  readonly id: string
  readonly plan: RollbackPlan
  readonly planHash: string
  readonly phase: Phase
  readonly direction: Direction | null
  readonly epoch: number
  /** Who began it, or took it over last. */
  readonly actor: JsonObject
  readonly steps: readonly StepView[]
  readonly findings: readonly Finding[]
  readonly observations: readonly Observation[]
  readonly result: RunResult | null
  readonly exitCode: number | null
  readonly summary: string
  readonly historyRevision: number | null
  readonly deploymentId: number | null
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly lastSeq: number
}

/**
 * The one fold of a run's events: store, printer, replay and recovery all use it. Pure; a record it has already seen
 * (`seq` ≤ `lastSeq`) changes nothing, so that replays and reconnections are safe. Only a newer owner's first record
 * counts whatever was seen: what the older one wrote behind it does not.
 */
export function projectRun(view: RunView | undefined, event: Stamped): RunView | undefined {
  if (!view) return event.type === 'run.started' ? startView(event) : undefined
  const isTakeover = event.type === 'run.adopted' && event.epoch > view.epoch
  if (event.seq <= view.lastSeq && !isTakeover) return view
  return { ...applyEvent(view, event), lastSeq: event.seq }
}

function startView(event: Extract<Stamped, { type: 'run.started' }>): RunView {
  return {
    id: event.run,
    plan: event.plan,
    planHash: event.planHash,
    phase: 'planning',
    direction: null,
    epoch: event.epoch,
    actor: event.actor,
    steps: event.plan.steps.map(startStep),
    findings: event.plan.findings,
    observations: [],
    result: null,
    exitCode: null,
    summary: '',
    historyRevision: null,
    deploymentId: null,
    startedAt: event.at,
    finishedAt: null,
    lastSeq: event.seq,
  }
}

function startStep(plan: PlanStep): StepView {
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

function applyEvent(view: RunView, event: Stamped): RunView {
  switch (event.type) {
    case 'run.started':
      return view
    case 'run.adopted':
      return {
        ...view,
        epoch: event.epoch,
        phase: 'interrupted',
        result: null,
        exitCode: null,
        finishedAt: null,
        steps: view.steps.map(orphan),
      }
    case 'phase.changed':
      return { ...view, phase: event.to }
    case 'finding.reported':
      return { ...view, findings: [...view.findings, event.finding] }
    case 'run.decided':
      return { ...view, direction: event.direction }
    case 'step.started':
    case 'step.intent':
    case 'step.progress':
    case 'step.answered':
    case 'step.retrying':
    case 'step.waiting':
    case 'step.verified':
    case 'step.finished':
      return { ...view, steps: view.steps.map((step) => (step.id === event.step ? applyToStep(step, event) : step)) }
    case 'operator.decided':
      return { ...view, steps: view.steps.map((step) => (step.id === event.step ? decide(step, event, view) : step)) }
    case 'sweep.finished':
      return { ...view, observations: event.observations }
    case 'run.settling':
    case 'hold.placed':
    case 'hold.lifted':
      return view
    case 'history.committed':
      return { ...view, historyRevision: event.revision, deploymentId: event.deploymentId }
    case 'run.finished':
      return {
        ...view,
        result: event.result,
        exitCode: event.exitCode,
        summary: event.summary,
        finishedAt: event.at,
      }
  }
}

type StepEvent = Exclude<Extract<Stamped, { step: string }>, { type: 'operator.decided' }>

function applyToStep(step: StepView, event: StepEvent): StepView {
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
    case 'step.verified':
      return {
        ...step,
        isOwed: false,
        proof: event.proof,
        error: null,
        mayHaveEffect: step.mayHaveEffect || event.direction === 'do',
      }
    case 'step.finished':
      return {
        ...step,
        status: event.status,
        detail: event.detail,
        error: event.error,
        durationMs: event.durationMs,
        finishedAt: event.at,
        done: isSettled(event.status) || event.status === 'undone' ? step.total : step.done,
      }
  }
}

/** An answer to a compensation says nothing of what it compensates. */
function applyAnswer(step: StepView, { error }: Extract<Stamped, { type: 'step.answered' }>): Partial<StepView> {
  if (step.direction === 'undo') return {}
  return { isUnanswered: false, mayHaveEffect: step.mayHaveEffect || error === null || !isRefused(error) }
}

/** A step is left out in the direction in which the run goes: what it did before is taken back all the same. */
function decide(step: StepView, event: Extract<Stamped, { type: 'operator.decided' }>, view: RunView): StepView {
  const direction = event.decision === 'skip' ? (view.direction ?? 'do') : step.direction
  const overwrites = event.decision === 'overwrite' ? (event.observed ?? null) : step.overwrites
  return { ...step, direction, overwrites, detail: event.reason }
}

/**
 * The first intent captured what was there before us: later ones never overwrite it. What is wanted and sent is another
 * thing once somebody else's change is written over.
 */
function applyIntent(step: StepView, intent: Extract<Stamped, { type: 'step.intent' }>): Partial<StepView> {
  if (intent.direction === 'undo') return { status: 'executing' }
  const { pre: before, want, actions, undo, undoByHand = undo.map(({ title }) => title) } = intent
  if (!step.wasIntended) return { status: 'executing', before, want, actions, undo, undoByHand, wasIntended: true }
  return step.overwrites === null ? { status: 'executing' } : { status: 'executing', want, actions }
}

/** What a person is waited for; the first time it is known where the pointer was before anybody moved it. */
function applyWait(step: StepView, wait: Extract<Stamped, { type: 'step.waiting' }>): Partial<StepView> {
  if (wait.direction === 'undo') return { byHand: wait.byHand, wasAwaitedBack: true }
  if (step.wasAwaited) return { byHand: wait.byHand }
  return { before: wait.pre, want: wait.want, byHand: wait.byHand, wasAwaited: true }
}

/** A step that was running in a process that is gone; one that a person left out stays so. */
function orphan(step: StepView): StepView {
  if (step.status === 'skipped') return step
  return isRunning(step.status) || step.isOwed ? { ...step, status: 'unknown' } : step
}
