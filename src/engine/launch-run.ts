import type { Approver } from '../approval/ask.ts'
import { BagboyError, exitCodeOf } from '../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../events/event-stream.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { RunHandle, RunOutcome } from './engine.ts'
import { actorName, type EngineParts } from './engine-parts.ts'
import type { Ending } from './finish-run.ts'
import type { RunContext } from './run-context.ts'
import { createRunControl, type RunControl } from './run-control.ts'

/** What every way into a run needs. */
export interface Launch {
  readonly parts: EngineParts
  readonly approver: Approver
  readonly control: RunControl
  readonly stream: EventStream
}

/** A handle at once; the body runs behind it. */
export function launch(
  runId: string,
  parts: EngineParts,
  approver: Approver,
  body: (start: Launch) => Promise<RunOutcome>,
): RunHandle {
  const control = createRunControl()
  const stream = createEventStream()
  const result = body({ parts, approver, control, stream }).finally(() => stream.end())
  // The caller may await the events first; a refusal must not count as unhandled until then.
  result.catch(() => undefined)
  return {
    runId,
    result,
    abort: (reason) => control.abort(reason),
    pause: () => control.pause(),
    unpause: () => control.unpause(),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  }
}

/** Runs the body, then closes the run's folder unless something is left to do. */
export async function settle(
  { parts }: Launch,
  context: RunContext,
  body: (context: RunContext) => Promise<Ending>,
): Promise<RunOutcome> {
  const ending = await body(context).catch((error: unknown) => refuseRun(context, error))
  await context.recorder.close()
  if (ending.kind === 'refused') {
    if (ending.isOver) await closeRun(parts, context)
    throw ending.error
  }
  if (!ending.staysOpen) await closeRun(parts, context)
  // Whoever took the run over in the last moment may have undone it: nothing is reported that may not be true.
  await context.lock.assertHeld()
  return { runId: context.run, result: ending.result, exitCode: ending.exitCode, view: context.recorder.view }
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
  if (isOver) {
    const { message: summary } = error
    await recorder.emit({ type: 'run.finished', result: 'failed', exitCode: exitCodeOf(error), summary })
  }
  return { kind: 'refused', isOver, error }
}

/** Whoever has the run now has to know what this process may have written over their work. */
function withLateWrites(error: unknown, late: readonly string[]): unknown {
  if (late.length === 0 || !(error instanceof BagboyError) || error.code !== 'LOCK_LOST') return error
  const hint = `It was stopped while it wrote, and this may have arrived after the lock was taken: ${late.join('; ')}. Look: bagboy-tui status.`
  const { message, hint: rest, details = null } = error
  return new BagboyError('LOCK_LOST', message, { hint: `${hint} ${rest ?? ''}`.trim(), details, cause: error })
}

/** How long between two looks at a lock that is waited for. */
const LOCK_POLL_MS = 250

/** Holds the lock for the body. @throws LOCKED when it is not free within the configured wait */
export async function withLock<T>(
  parts: EngineParts,
  request: { readonly run: string; readonly purpose: string },
  body: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const held = await waitForLock(parts, request)
  try {
    return await body(held)
  } finally {
    await held.release()
  }
}

async function waitForLock(
  { lock, actor, config, platform }: EngineParts,
  request: { readonly run: string; readonly purpose: string },
): Promise<HeldLock> {
  const end = platform.clock.elapsedMs() + config.lock.waitMs
  for (;;) {
    try {
      return await lock.acquire({ ...request, who: actorName(actor) })
    } catch (error) {
      const isTaken = error instanceof BagboyError && error.code === 'LOCKED'
      if (!isTaken || platform.clock.elapsedMs() >= end) throw error
      await platform.clock.sleep(LOCK_POLL_MS)
    }
  }
}
