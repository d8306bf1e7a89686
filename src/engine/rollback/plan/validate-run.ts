import { BagboyError, toErrorReport } from '../../../errors/bagboy-error.ts'
import { blockingFindings, stepId, type Finding, type PlanStep } from '../../../domain/plan.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'
import { checkSnapshot, checkUnreadable } from '../../../validation/registry-findings.ts'
import { hasMoved } from './preflight.ts'
import type { RunContext } from '../run/run-context.ts'
import type { Observed } from './preflight-reading.ts'

/** The last look before anything moves was taken in `preflight`; here it is held against the plan. @throws VALIDATION_FAILED */
export async function validateRun(context: RunContext): Promise<void> {
  const { observed, slotFindings } = context.preflight
  const blocking = await reportFindings(context, observed, slotFindings)
  if (blocking.length === 0) return
  await context.recorder.send('validation.failed')
  throw refusal(blocking)
}

/**
 * The same for what comes behind a group that went ahead: that has moved, but nothing of these is touched when one of
 * them is not as the plan saw it. @returns whether the run may go on with them
 */
export async function validateBehind(context: RunContext, observed: Observed): Promise<boolean> {
  const { recorder } = context
  const blocking = await reportFindings(context, observed)
  const faults = recorder.view.plan.steps.map((step) => ({ step, fault: faultOf(step, observed, blocking) }))
  for (const { step, fault } of faults) {
    if (!fault) continue
    const ending = { status: fault.status, detail: fault.error.message, error: toErrorReport(fault.error) }
    await recorder.emit({ type: 'step.finished', step: step.id, ...ending, durationMs: 0 })
  }
  return faults.every(({ fault }) => fault === undefined)
}

const RANK = { ok: 0, warn: 1, block: 2, never: 3 } as const satisfies Record<Finding['severity'], number>

/** A code says what was looked at: that it was well when the plan was made is another thing than that it is not now. */
function isKnown({ code, severity, package: ref }: Finding, known: readonly Finding[]): boolean {
  return known.some(
    (one) =>
      one.code === code &&
      one.package?.format === ref?.format &&
      one.package?.registry === ref?.registry &&
      one.package?.name === ref?.name &&
      RANK[one.severity] >= RANK[severity],
  )
}

interface Fault {
  readonly status: 'conflict' | 'failed'
  readonly error: BagboyError
}

/** Why a step must not be begun. */
function faultOf(step: PlanStep, observed: Observed, blocking: readonly Finding[]): Fault | undefined {
  if (hasMoved(step, observed.get(step.id))) {
    const what = 'it was moved from outside since the plan was made; nothing is overwritten'
    return { status: 'conflict', error: new BagboyError('REGISTRY_CONFLICT', what) }
  }
  const finding = blocking.find(({ package: ref }) => ref !== null && stepId(ref) === step.id)
  if (!finding) return undefined
  const { code, title, detail, remedy } = finding
  const error = new BagboyError('VALIDATION_FAILED', `${code} ${title}: ${detail}`, { hint: remedy })
  return { status: 'failed', error }
}

/** @returns what stops the plan, of everything that is known by now */
async function reportFindings(
  { recorder }: RunContext,
  observed: Observed,
  slotFindings: readonly Finding[] = [],
): Promise<readonly Finding[]> {
  const { plan } = recorder.view
  const fresh = plan.kind === 'undo' ? [] : plan.steps.flatMap((step) => findingsOf(step, observed.get(step.id)))
  const added = [...slotFindings, ...fresh].filter((finding) => !isKnown(finding, plan.findings))
  for (const finding of added) await recorder.emit({ type: 'finding.reported', finding })
  return blockingFindings({ findings: recorder.view.findings, overrides: plan.overrides })
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
