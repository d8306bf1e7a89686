import type { Approver } from '../../../approval/ask.ts'
import { BagboyError, exitCodeOf, toErrorReport } from '../../../errors/bagboy-error.ts'
import { besides } from '../../../errors/with-clean-up.ts'
import { createEventStream, type EventStream } from '../../../operation/event-stream.ts'
import { openHandle } from '../../../operation/operation-handle.ts'
import type { Stamped } from '../../../events/events.ts'
import type { RunHandle, RunOutcome } from '../../engine.ts'
import { type EngineParts } from '../../engine-parts.ts'
import type { Ending } from './finish-run.ts'
import type { RunContext } from './run-context.ts'
import { runInterrupted } from './run-interrupted.ts'
import { createRunControl, type RunControl } from './run-control.ts'

/** What every way into a run needs. */
export interface Launch {
  readonly parts: EngineParts
  readonly approver: Approver
  readonly control: RunControl
  readonly stream: EventStream<Stamped>
}

/** A handle at once; the body runs behind it. */
export function launch(
  id: string,
  parts: EngineParts,
  approver: Approver,
  body: (start: Launch) => Promise<RunOutcome>,
): RunHandle {
  const control = createRunControl()
  const stream = createEventStream<Stamped>()
  const work = body({ parts, approver, control, stream })
  const handle = openHandle(id, { stream, work, stop: (reason) => control.abort(reason) })
  return { ...handle, pause: () => control.pause(), unpause: () => control.unpause() }
}

/** Runs the body, then closes the run's folder unless something is left to do. */
export async function settle(
  { parts }: Launch,
  context: RunContext,
  body: (context: RunContext) => Promise<Ending>,
): Promise<RunOutcome> {
  const ending = await body(context).catch((error: unknown) => refuseRun(context, error))
  const failure = await context.recorder.close().then(
    () => undefined,
    (error: unknown) => error,
  )
  if (ending.kind === 'refused') {
    // The refusal is what counts: a folder that cannot be closed is found open by the next command, which says so.
    if (ending.isOver) await closeRun(parts, context).catch(() => undefined)
    throw failure === undefined ? ending.error : besides(ending.error, failure)
  }
  if (failure !== undefined) throw runInterrupted(context.recorder.view, failure)
  if (!ending.staysOpen) {
    await closeRun(parts, context).catch((error: unknown) => {
      throw runInterrupted(context.recorder.view, error)
    })
  }
  // A takeover in the last moment may have undone the run: nothing is reported that may not be true.
  await context.lock.assertHeld()
  return { id: context.run, result: ending.result, exitCode: ending.exitCode, view: context.recorder.view }
}

async function closeRun({ journals }: EngineParts, { run, lock, recorder }: RunContext): Promise<void> {
  await lock.assertHeld()
  await journals.close(run, recorder.part)
}

interface Refused {
  readonly kind: 'refused'
  readonly isOver: boolean
  readonly error: unknown
}

/** A run that was refused before its first effect is over; any later error leaves it open for recovery. */
async function refuseRun({ recorder, lateRequests }: RunContext, reason: unknown): Promise<Refused> {
  const error = withLateWrites(reason, lateRequests.late)
  const wasTouched = recorder.view.steps.some(({ wasIntended }) => wasIntended)
  const isOver = !wasTouched && error instanceof BagboyError && error.code === 'VALIDATION_FAILED'
  if (!isOver) return { kind: 'refused', isOver, error: runInterrupted(recorder.view, error) }
  const { message: summary } = error
  const isSaid = await recorder
    .emit({ type: 'run.finished', result: 'failed', exitCode: exitCodeOf(error), summary })
    .then(
      () => true,
      () => false,
    )
  return { kind: 'refused', isOver: isSaid, error }
}

/** The new owner of the run has to know what this process may have overwritten. */
function withLateWrites(error: unknown, late: readonly string[]): unknown {
  if (late.length === 0 || !(error instanceof BagboyError) || error.code !== 'LOCK_LOST') return error
  const hint = `It was stopped while it wrote, and this may have arrived after the lock was taken: ${late.join('; ')}. Look: bagboy-tui status.`
  const { message, hint: rest, details = null } = error
  return new BagboyError('LOCK_LOST', message, { hint: `${hint} ${rest ?? ''}`.trim(), details, cause: error })
}

/** What a run did stays what it did; the next one in this process would find the lock taken. Pure. */
export function keepOutcome(outcome: RunOutcome, error: unknown): RunOutcome {
  const { message } = toErrorReport(error)
  const hint = 'This process holds it until it ends; see: bagboy-tui lock status'
  return { ...outcome, warning: `The lock could not be given back: ${message}. ${hint}` }
}
