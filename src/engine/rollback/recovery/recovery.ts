import { restoreTitle, stepEnds } from '../../../domain/step-ends.ts'
import type { Direction } from '../../../events/events.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import { isOver, manualCommands } from '../../../events/step-ending.ts'
import type { BoundRegistry } from '../../../planner/bind-registries.ts'
import { inspectAll, type Inspection } from '../../../planner/inspect-all.ts'
import type { Snapshot } from '../../../registries/driver.ts'
import { configNotes } from '../plan/config-notes.ts'
import { decideNext, type StepDecision } from './decide-next.ts'
import type { RecoveryReport, RecoveryStep } from '../../engine.ts'
import { NEVER, type EngineParts } from '../../engine-parts.ts'
import { explainDecision } from './explain-decision.ts'
import type { TakeoverMode } from '../../../journal/journal.ts'
import { requireOwn } from './foreign-runs.ts'
import { narrowStep } from '../remake/narrow-step.ts'
import { lockInfo } from '../../lock-info.ts'
import { comparePointer } from '../step/pointer-state.ts'
import { subjectOf } from '../run/run-context.ts'
import { readRun } from '../run/run-list.ts'

/**
 * What a half-done run intended, what the registries serve now, and what resume and undo would do. Reads only.
 * @throws RUN_FOREIGN before any registry is read: a foreign run may name any host
 */
export async function reportRecovery(
  parts: EngineParts,
  run: string,
  signal: AbortSignal = NEVER,
  mode: TakeoverMode = 'own-only',
): Promise<RecoveryReport> {
  await requireOwn(parts, run, mode)
  const { view } = await readRun(parts.journals, run)
  const inspections = await inspectAll(view.steps.map(subjectOf), {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: view.plan.parallelism,
    signal,
  })
  const steps = view.steps.flatMap((step, index) => {
    const inspection = inspections[index]
    if (!inspection) return []
    // As it is when the run is gone on with: what its registry's entry moves no more is no part of it then.
    const isLeft = !isOver(step, view.direction ?? 'do')
    const narrowed = isLeft ? narrowStep(step, view.plan, inspection.registry) : undefined
    return [explainStep(view, { ...step, ...narrowed }, inspection)]
  })
  const direction = view.direction ?? 'do'
  return { view, direction, steps, notes: configNotes(view, parts.config), lock: await lockInfo(parts) }
}

/** The decision that resume and undo would take about a step, in words. Pure. */
export function explainStep(view: RunView, step: StepView, inspection: Inspection): RecoveryStep {
  const direction = view.direction ?? 'do'
  const { snapshot, error, registry } = inspection
  const decide = (way: Direction) => decideNext({ view, step, direction: way, inspection })
  const decision = decide(direction)
  const found = snapshot ? foundState(step, snapshot, registry) : 'unreadable'
  const explain = (way: Direction, decided: StepDecision) =>
    explainDecision(decided, { view, step, direction: way, found })
  const undo = direction === 'undo' ? decision : decide('undo')
  return {
    step: step.id,
    title:
      direction === 'undo' ? restoreTitle(step.plan, stepEnds(step.plan, view.plan).from.version) : step.plan.title,
    intended: intendedOf(step, direction),
    found,
    observed: snapshot?.pointer ?? null,
    error,
    ...explain(direction, decision),
    byHand: decision.kind === 'wait' ? decision.byHand : manualCommands(step, direction),
    undo: explain('undo', undo),
  }
}

function intendedOf(step: StepView, direction: Direction): RecoveryStep['intended'] {
  if (isOver(step, direction)) return 'settled'
  if (step.isOwed) return 'intended'
  return step.wasIntended ? 'proved' : 'not-started'
}

function foundState(step: StepView, { pointer }: Snapshot, { driver }: BoundRegistry): RecoveryStep['found'] {
  // Nothing was seen when it was planned: there is nothing to compare with.
  if (step.plan.deferred !== '' && !step.wasIntended && !step.wasAwaited) return 'unplanned'
  return comparePointer(pointer, step.before, step.want, driver)
}
