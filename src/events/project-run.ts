import type { JsonObject } from '../domain/text/json.ts'
import type { Finding, PlanStep, RollbackPlan } from '../domain/plan.ts'
import { RESUMED, type Phase } from '../machine/transitions.ts'
import type { Direction, Observation, RunResult, Stamped } from './events.ts'
import { applyToStep, decideStep, orphanStep, startStep, type StepView } from './step-view.ts'
import { observeExclusions, startExclusion, verifyExclusion, type ExclusionView } from './exclusion-view.ts'

export type { StepView } from './step-view.ts'

export interface RunView {
  readonly id: string
  readonly plan: RollbackPlan
  readonly planHash: string
  readonly phase: Phase
  readonly direction: Direction | null
  readonly epoch: number
  /** Who began it, or took it over last. */
  readonly actor: JsonObject
  /** Those of the plan, then those that were added. */
  readonly steps: readonly StepView[]
  /** Without those that got a step. */
  readonly excluded: readonly ExclusionView[]
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
 * (`seq` ≤ `lastSeq`) changes nothing, so that replays and reconnections are safe. A newer owner's first record always
 * counts, and what the older owner wrote after it does not.
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
    excluded: event.plan.excluded.map(startExclusion),
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

function applyEvent(view: RunView, event: Stamped): RunView {
  switch (event.type) {
    case 'run.started':
      return view
    case 'run.adopted':
      return {
        ...view,
        epoch: event.epoch,
        phase: RESUMED,
        result: null,
        exitCode: null,
        finishedAt: null,
        steps: view.steps.map(orphanStep),
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
    case 'step.narrowed':
    case 'step.verified':
    case 'step.finished':
      return { ...view, steps: view.steps.map((step) => (step.id === event.step ? applyToStep(step, event) : step)) }
    case 'operator.decided':
      return {
        ...view,
        steps: view.steps.map((step) => (step.id === event.step ? decideStep(step, event, view) : step)),
      }
    case 'exclusion.verified':
      return { ...view, excluded: view.excluded.map((one) => verifyExclusion(one, event)) }
    case 'step.added':
      return addStep(view, event.plan)
    case 'sweep.finished':
      return {
        ...view,
        observations: event.observations,
        excluded: observeExclusions(view.excluded, event.excluded ?? []),
      }
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
    default:
      return unknownEvent(event, view)
  }
}

/** A newer version of the program recorded it: what it says is passed over. */
function unknownEvent(event: never, view: RunView): RunView {
  void event
  return view
}

function addStep(view: RunView, plan: PlanStep): RunView {
  if (view.steps.some(({ id }) => id === plan.id)) return view
  return {
    ...view,
    steps: [...view.steps, startStep(plan)],
    excluded: view.excluded.filter(({ id }) => id !== plan.id),
  }
}
