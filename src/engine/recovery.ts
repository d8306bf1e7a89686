import type { StepView } from '../events/project-run.ts'
import { sameVersion } from '../domain/version.ts'
import { sameJson, type Json } from '../domain/json.ts'
import { isSettled } from '../machine/step-status.ts'
import type { BoundRegistry } from '../planner/bind-registries.ts'
import { inspectAll, type Inspection } from '../planner/inspect-all.ts'
import type { Snapshot } from '../registries/driver.ts'
import type { RecoveryReport, RecoveryStep } from './engine.ts'
import { NEVER, type EngineParts } from './engine-parts.ts'
import { lockInfo } from './lock-info.ts'
import { comparePointer } from './pointer-state.ts'
import { subjectOf } from './run-context.ts'
import { readRun } from './run-list.ts'

/** What a half-done run intended, what the registries serve now, and what resume would do. Reads only. */
export async function reportRecovery(
  parts: EngineParts,
  run: string,
  signal: AbortSignal = NEVER,
): Promise<RecoveryReport> {
  const { view } = await readRun(parts.journals, run)
  const inspections = await inspectAll(view.steps.map(subjectOf), {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: view.plan.parallelism,
    signal,
  })
  const steps = view.steps.flatMap((step, index) => {
    const inspection = inspections[index]
    return inspection ? [explainStep(step, inspection)] : []
  })
  return { view, steps, lock: await lockInfo(parts) }
}

/** Pure. */
export function explainStep(step: StepView, { snapshot, error, registry }: Inspection): RecoveryStep {
  const found = snapshot ? foundState(step, snapshot, registry) : 'unreadable'
  const intended = isSettled(step.status)
    ? 'settled'
    : step.isOwed
      ? 'intended'
      : step.wasIntended
        ? 'proved'
        : 'not-started'
  const observed = snapshot?.pointer ?? null
  const next = found === 'other' && mayOverwrite(step, observed) ? 'run' : nextFor(step, found)
  return {
    step: step.id,
    title: step.plan.title,
    intended,
    found,
    observed,
    error,
    next,
    explanation: explain(step, found, next),
  }
}

function foundState(step: StepView, { pointer, serving }: Snapshot, { driver }: BoundRegistry): RecoveryStep['found'] {
  // Nothing was seen when it was planned, so only the version it serves can tell.
  if (step.plan.deferred !== '' && !step.wasIntended) {
    return serving !== null && sameVersion(serving, step.plan.to.version) ? 'want' : 'before'
  }
  const state = comparePointer(pointer, step.before, step.want, driver)
  return state === 'between' ? (step.wasIntended ? 'before' : 'other') : state
}

function nextFor(step: StepView, found: RecoveryStep['found']): RecoveryStep['next'] {
  if (step.status === 'skipped') return 'nothing'
  if (found === 'other') return 'stop'
  if (step.plan.isManual) return found === 'want' ? (isSettled(step.status) ? 'nothing' : 'verify') : 'wait'
  if (found === 'want') return step.isOwed ? 'verify' : 'nothing'
  return 'run'
}

function mayOverwrite({ overwrites }: StepView, observed: Json): boolean {
  return overwrites !== null && sameJson(overwrites, observed)
}

function explain(step: StepView, found: RecoveryStep['found'], next: RecoveryStep['next']): string {
  const { from, to } = step.plan
  if (step.status === 'skipped') return `left out: ${step.detail}`
  if (found === 'unreadable') return 'cannot be read now; resume tries again'
  if (found === 'other' && next === 'run') return `somebody else moved it; resume writes ${to.version} over that`
  if (found === 'other') return 'somebody else moved it; nothing is written over it'
  if (next === 'wait') return `a person does it: ${step.byHand[0] ?? step.plan.title}; it still serves ${from.version}`
  if (step.plan.isManual && next === 'verify') return `done by hand (${to.version}); resume proves it by reading back`
  if (next === 'verify') return `the write was cut off but is there (${to.version}); resume proves it by reading back`
  if (found === 'want') return `serves ${to.version}; nothing is left to do`
  if (step.isOwed) return `the write was cut off; it still serves ${from.version}, resume writes again`
  if (step.plan.deferred !== '') return `not started, could not be read when planned; resume moves it to ${to.version}`
  return `not started; serves ${from.version}, resume moves it to ${to.version}`
}
