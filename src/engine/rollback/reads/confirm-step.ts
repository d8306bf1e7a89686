import { sameJson, type Json } from '../../../domain/text/json.ts'
import { CONFIRMING_READS } from '../../../domain/plan.ts'
import { BagboyError, toErrorReport } from '../../../errors/bagboy-error.ts'
import type { Inspection } from '../../../planner/inspect-all.ts'
import type { Snapshot } from '../../../registries/driver.ts'
import type { Again, StepEnding, StepRun } from '../step/prove-step.ts'
import { subjectOf } from '../run/run-context.ts'
import type { StepGoal } from '../step/step-goal.ts'
import { confirm, type Confirmation } from './confirm.ts'

export const UNCONFIRMED: Again = {
  kind: 'again',
  error: toErrorReport(
    new BagboyError('READBACK_DISAGREES', 'the time of the step was over before the reads had agreed for long enough'),
  ),
  isBlind: true,
}

/** Another read has found something else: that decides then. */
interface Elsewhere {
  readonly kind: 'elsewhere'
  readonly inspection: Inspection
}

/** Ends a step that needs no write, once that is proved: the read that found it there may be an old one. */
export async function confirmAlready(
  stepRun: StepRun,
  { want, detail }: Extract<StepGoal, { kind: 'confirm' }>,
): Promise<StepEnding | Again | Elsewhere> {
  const { context, id, direction } = stepRun
  const { recorder } = context
  const isThere = ({ pointer, isApplied }: Snapshot) => sameJson(pointer, want) && isApplied !== false
  const { isConfirmed, readCount, inspection } = await confirmStep(stepRun, isThere, (done) =>
    recorder.emit({
      type: 'step.progress',
      step: id,
      status: 'verifying',
      done,
      total: CONFIRMING_READS,
      label: 'reading whether it is there already',
    }),
  )
  const { snapshot } = inspection
  if (snapshot && sameJson(snapshot.pointer, want) && isStuck(stepRun, snapshot)) return notInEffect(snapshot)
  if (!snapshot || (!isConfirmed && !isThere(snapshot))) return { kind: 'elsewhere', inspection }
  if (!isConfirmed) return UNCONFIRMED
  const { pointer: proof, revision } = snapshot
  await recorder.emit({ type: 'step.verified', step: id, direction, proof, revision, readCount })
  return { kind: 'end', status: 'already', detail: `${detail}, read ${readCount} times`, error: null }
}

/** Written down, not in effect, and nothing that a driver could write would help. */
function isStuck({ context, id, registry: { driver, options } }: StepRun, snapshot: Snapshot): boolean {
  const subject = subjectOf(context.recorder.step(id))
  return snapshot.isApplied === false && driver.plan({ subject, snapshot, options }) === undefined
}

function notInEffect({ notAppliedNote = 'users get something else' }: Snapshot): Again {
  const error = new BagboyError(
    'READBACK_DISAGREES',
    `the pointer is written down and not in effect; ${notAppliedNote}`,
  )
  return { kind: 'again', error: toErrorReport(error), isBlind: false, isDue: true }
}

/** What was sent before may be there although one read does not show it: it is not sent twice for an old answer. */
export function confirmPointer(stepRun: StepRun, pointer: Json): Promise<Confirmation> {
  return confirmStep(stepRun, (snapshot) => sameJson(snapshot.pointer, pointer))
}

function confirmStep(
  { context, id, registry, signal }: StepRun,
  agrees: (snapshot: Snapshot) => boolean,
  onAgreement: (count: number) => Promise<void> = () => Promise.resolve(),
): Promise<Confirmation> {
  const { recorder, platform, config, contextFor } = context
  const { settleWindowMs } = config.rollback
  const subject = subjectOf(recorder.step(id))
  return confirm({ subject, registry, agrees, contextFor, clock: platform.clock, settleWindowMs, signal, onAgreement })
}
