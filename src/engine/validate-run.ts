import { BagboyError } from '../errors/bagboy-error.ts'
import { blockingFindings, type Finding, type PlanStep } from '../domain/plan.ts'
import { inspectAll, type Inspection } from '../planner/inspect-all.ts'
import { checkSnapshot, checkUnreadable } from '../validation/registry-findings.ts'
import { comparePointer } from './pointer-state.ts'
import type { Registries } from '../planner/bind-registries.ts'
import type { DriverContextFor } from '../planner/inspect-all.ts'
import type { RunContext } from './run-context.ts'

/** The last look before anything moves was taken in `preflight`; here it is held against the plan. @throws VALIDATION_FAILED */
export async function validateRun({ recorder, preflight }: RunContext): Promise<void> {
  const { plan } = recorder.view
  const fresh = plan.kind === 'undo' ? [] : plan.steps.flatMap((step) => findingsOf(step, preflight.get(step.id)))
  const known = new Set(plan.findings.map(({ code, package: ref }) => `${code} ${ref?.format} ${ref?.registry}`))
  const added = fresh.filter(({ code, package: ref }) => !known.has(`${code} ${ref?.format} ${ref?.registry}`))
  for (const finding of added) await recorder.emit({ type: 'finding.reported', finding })
  const blocking = blockingFindings({ findings: recorder.view.findings, overrides: plan.overrides })
  if (blocking.length === 0) return
  await recorder.send('validation.failed')
  throw refusal(blocking)
}

function findingsOf(step: PlanStep, inspection: Inspection | undefined): readonly Finding[] {
  if (!inspection) return []
  if (inspection.error) return [checkUnreadable(step.package, inspection.error)]
  return checkSnapshot(step.package, inspection.snapshot)
}

export function refusal(blocking: readonly Finding[]): BagboyError {
  const lines = blocking.map(({ code, title, detail, remedy }) => `${code} ${title}: ${detail} ${remedy}`)
  const count = blocking.length === 1 ? 'one finding stops' : `${blocking.length} findings stop`
  return new BagboyError('VALIDATION_FAILED', `Not started: ${count} the rollback.\n  ${lines.join('\n  ')}`, {
    hint: 'Nothing was changed. Resolve each finding, or override those that allow it: --override CODE --reason TEXT',
    details: blocking.map(({ code }) => code),
  })
}

export interface PreflightParts {
  readonly registries: Registries
  readonly contextFor: DriverContextFor
  readonly parallelism: number
  readonly signal: AbortSignal
}

/**
 * Reads every registry of the plan again, before the lock's first effect. A pointer that is neither where the plan saw it
 * nor where the plan wants it makes the plan stale.
 * @throws PLAN_STALE with every registry that moved.
 */
export async function preflightPlan(
  steps: readonly PlanStep[],
  parts: PreflightParts,
): Promise<ReadonlyMap<string, Inspection>> {
  const subjects = steps.map(({ package: ref, from, to }) => ({ package: ref, from, to }))
  const inspections = await inspectAll(subjects, parts)
  const preflight = new Map<string, Inspection>()
  const moved: string[] = []
  for (const [index, step] of steps.entries()) {
    const inspection = inspections[index]
    if (!inspection) continue
    preflight.set(step.id, inspection)
    if (hasMoved(step, inspection)) moved.push(step.id)
  }
  if (moved.length > 0) throw stale(`moved since the plan was made: ${moved.join(', ')}`)
  return preflight
}

function hasMoved(step: PlanStep, { snapshot }: Inspection): boolean {
  if (!snapshot || step.deferred !== '') return false
  const state = comparePointer(snapshot.pointer, step.before, step.want)
  return state === 'other' || state === 'between'
}

export function stale(why: string): BagboyError {
  return new BagboyError('PLAN_STALE', `The plan is stale, nothing was changed: ${why}.`, {
    hint: 'Make a new plan and look at it again: bagboy-tui rollback --dry-run',
  })
}
