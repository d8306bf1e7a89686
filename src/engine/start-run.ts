import type { Approver } from '../approval/ask.ts'
import { canonicalJson, type Json } from '../domain/json.ts'
import { blockingFindings, type RollbackPlan } from '../domain/plan.ts'
import { BagboyError, exitCodeOf } from '../errors/bagboy-error.ts'
import { createEventStream, type EventStream } from '../events/event-stream.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Journal } from '../journal/journal.ts'
import { hashPlan } from '../planner/plan-rollback.ts'
import type { Inspection } from '../planner/inspect-all.ts'
import type { RunHandle, RunOutcome } from './engine.ts'
import { actorName, type EngineParts } from './engine-parts.ts'
import type { Ending } from './finish-run.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import type { RunContext } from './run-context.ts'
import { createRunControl, type RunControl } from './run-control.ts'
import { resumeRollback, runRollback, undoRollback } from './run-rollback.ts'
import { preflightPlan, refusal, stale } from './validate-run.ts'

interface Start {
  readonly parts: EngineParts
  readonly approver: Approver
  readonly control: RunControl
  readonly stream: EventStream
}

/** Runs a plan. Nothing is written before the lock is held and every registry was read again. */
export function startRun(parts: EngineParts, plan: RollbackPlan, approver: Approver): RunHandle {
  return launch(plan.id, parts, approver, async (start) => {
    const blocking = blockingFindings(plan)
    if (blocking.length > 0) throw refusal(blocking)
    await refuseWhileOpen(parts)
    const purpose = `${plan.kind} ${plan.from} → ${plan.to}`
    return withLock(parts, { run: plan.id, purpose }, async (lock) => {
      await refuseStale(parts, plan)
      const journal = () => parts.journals.create(plan.id, canonicalJson(plan as unknown as Json))
      return executePlan(start, plan, lock, journal)
    })
  })
}

/** Reads every registry once more, opens the journal, and goes. */
async function executePlan(
  start: Start,
  plan: RollbackPlan,
  lock: HeldLock,
  openJournal: () => Promise<Journal>,
): Promise<RunOutcome> {
  const { parts, stream } = start
  const preflight = await preflightPlan(plan.steps, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: plan.parallelism,
    signal: AbortSignal.timeout(parts.config.rollback.timeoutMs),
  })
  const recorder = createRecorder({
    run: plan.id,
    journal: await openJournal(),
    stream,
    clock: parts.platform.clock,
    past: [],
  })
  await recorder.emit({
    type: 'run.started',
    plan,
    planHash: hashPlan(plan),
    epoch: lock.epoch,
    actor: parts.actor,
    tool: parts.tool,
  })
  return settle(start, makeContext(start, plan.id, recorder, lock, preflight), runRollback)
}

/** Takes up an open run: forward as it was decided, or back when `undoReason` says so. */
export function takeUpRun(
  parts: EngineParts,
  run: string,
  approver: Approver,
  undoReason: string | undefined,
): RunHandle {
  return launch(run, parts, approver, async (start) => {
    const folders = await parts.journals.list()
    if (!folders.some((folder) => folder.run === run && folder.isOpen)) {
      await parts.journals.read(run)
      throw new BagboyError('RUN_NOT_OPEN', `The run ${run} is finished; there is nothing to resume.`, {
        hint: `See what it did: bagboy-tui runs show ${run}`,
      })
    }
    const purpose = undoReason === undefined ? 'resume' : 'undo'
    return withLock(parts, { run, purpose }, async (lock) => {
      const past = await parts.journals.read(run)
      if (past.length === 0) return startOver(start, run, lock, undoReason)
      const journal = await parts.journals.reopen(run)
      for (const event of past) start.stream.push(event)
      const recorder = createRecorder({ run, journal, stream: start.stream, clock: parts.platform.clock, past })
      await recorder.emit({ type: 'run.adopted', epoch: lock.epoch, actor: parts.actor })
      const context = makeContext(start, run, recorder, lock, new Map())
      return settle(start, context, undoReason === undefined ? resumeRollback : (c) => undoRollback(c, undoReason))
    })
  })
}

/** A run that died between its folder and its first record has done nothing: its frozen plan starts from the beginning. */
async function startOver(
  start: Start,
  run: string,
  lock: HeldLock,
  undoReason: string | undefined,
): Promise<RunOutcome> {
  const { journals } = start.parts
  if (undoReason !== undefined) {
    await journals.close(run)
    throw new BagboyError('RUN_NOT_OPEN', `The run ${run} never started; its folder is closed, nothing was to undo.`)
  }
  const plan = JSON.parse(await journals.readPlan(run)) as RollbackPlan
  return executePlan(start, plan, lock, () => journals.reopen(run))
}

function launch(
  runId: string,
  parts: EngineParts,
  approver: Approver,
  body: (start: Start) => Promise<RunOutcome>,
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

function makeContext(
  { parts, approver, control }: Start,
  run: string,
  recorder: Recorder,
  lock: HeldLock,
  preflight: ReadonlyMap<string, Inspection>,
): RunContext {
  return { ...parts, run, recorder, lock, approver, control, preflight }
}

/** Runs the body, then closes the run's folder unless something is left to do. */
async function settle(
  { parts }: Start,
  context: RunContext,
  body: (context: RunContext) => Promise<Ending>,
): Promise<RunOutcome> {
  const ending = await body(context).catch((error: unknown) => refuseRun(context, error))
  await context.recorder.close()
  if (ending.kind === 'refused') {
    if (ending.isOver) await parts.journals.close(context.run)
    throw ending.error
  }
  if (!ending.staysOpen) await parts.journals.close(context.run)
  return { runId: context.run, result: ending.result, exitCode: ending.exitCode, view: context.recorder.view }
}

interface Refused {
  readonly kind: 'refused'
  readonly isOver: boolean
  readonly error: unknown
}

/** A run that was refused before its first effect is over; any later error leaves it open for recovery. */
async function refuseRun({ recorder }: RunContext, error: unknown): Promise<Refused> {
  const wasTouched = recorder.view.steps.some(({ wasIntended }) => wasIntended)
  const isOver = !wasTouched && error instanceof BagboyError && error.code === 'VALIDATION_FAILED'
  if (isOver) {
    const { message: summary } = error
    await recorder.emit({ type: 'run.finished', result: 'failed', exitCode: exitCodeOf(error), summary })
  }
  return { kind: 'refused', isOver, error }
}

async function withLock<T>(
  { lock, actor }: EngineParts,
  request: { readonly run: string; readonly purpose: string },
  body: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const held = await lock.acquire({ ...request, who: actorName(actor) })
  try {
    return await body(held)
  } finally {
    await held.release()
  }
}

async function refuseWhileOpen({ journals }: EngineParts): Promise<void> {
  const open = (await journals.list()).find(({ isOpen }) => isOpen)
  if (!open) return
  throw new BagboyError('RUN_OPEN', `The run ${open.run} is not finished.`, {
    hint: `Look at it (bagboy-tui runs show ${open.run}), then: bagboy-tui runs resume ${open.run}, or runs undo ${open.run}, or runs abort ${open.run}`,
  })
}

async function refuseStale({ config, history, platform }: EngineParts, plan: RollbackPlan): Promise<void> {
  if (plan.expires < platform.clock.now()) throw stale(`it expired at ${plan.expires}`)
  if (plan.configHash !== config.hash) throw stale(`${config.file} changed since`)
  const { hash } = await history.read()
  if (plan.historyHash !== hash) throw stale(`${config.history.file} changed since`)
}
