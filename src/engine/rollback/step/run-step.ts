import type { Direction } from '../../../events/events.ts'
import { BagboyError, toErrorReport, type ErrorReport } from '../../../errors/bagboy-error.ts'
import { sameJson, type Json } from '../../../domain/text/json.ts'
import { READS_REQUIRED } from '../../../domain/plan.ts'
import { stepEnds } from '../../../domain/step-ends.ts'
import { isRefused } from '../../../events/is-refused.ts'
import type { StepView } from '../../../events/project-run.ts'
import type { StepStatus } from '../../../machine/step-status.ts'
import { inspectOne, reportRegistryError, type Inspection } from '../../../planner/inspect-all.ts'
import type { Snapshot } from '../../../registries/driver.ts'
import { executeAction } from './execute-action.ts'
import { isUnanswered } from './late-requests.ts'
import { manualBack } from '../plan/manual-back.ts'
import { proveStep, type Again, type Attempt, type StepEnding, type StepRun } from './prove-step.ts'
import { confirmAlready, confirmPointer, UNCONFIRMED } from '../reads/confirm-step.ts'
import { isRetryable, retryDelayMs } from './retry.ts'
import { actContext, idempotencyKey, subjectOf, type RunContext } from '../run/run-context.ts'
import { decideGoal, type StepGoal } from './step-goal.ts'
import { withDeadline } from '../../../operation/with-deadline.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import { isSentLate } from './write-fence.ts'

/**
 * Brings one registry to its goal: read, decide, write, read back; again while that is worth it and time is left. Never
 * throws for what a registry does; only a journal, a lock or a bug ends it with an error.
 */
export async function runStep(context: RunContext, id: string, direction: Direction): Promise<StepStatus> {
  const { recorder, platform } = context
  const { plan } = recorder.step(id)
  const startedMs = platform.clock.elapsedMs()
  const ending = await withDeadline(platform.clock, plan.timeoutMs, (signal) =>
    tryUntilOver({ context, id, direction, registry: context.registries(plan.package), signal }),
  )
  const durationMs = Math.round(platform.clock.elapsedMs() - startedMs)
  const { status, detail } = ending
  const error = ending.error && nameRun(ending.error, context.run)
  await recorder.emit({ type: 'step.finished', step: id, status, detail, error, durationMs })
  return status
}

/** A driver does not know whether a run is going on: to try again then means to go on with it, by its name. */
function nameRun(error: ErrorReport, run: string): ErrorReport {
  const goOn = `bagboy-tui runs resume ${run}`
  const end = `bagboy-tui runs abort ${run} --reason TEXT`
  const hint =
    error.hint
      ?.replace(/\bruns resume(?! \w{26})/gu, `runs resume ${run}`)
      .replace(/\btry again\b/gu, `go on with ${goOn}`)
      // Another run is refused while this one is open.
      .replace(/\bmake (?:a new plan|the plan again)\b/giu, `end this run (${end}) and make a new plan`) ?? null
  return { ...error, hint }
}

async function tryUntilOver(stepRun: StepRun): Promise<StepEnding> {
  const { context, id, direction, signal } = stepRun
  for (let attempt: Try = { number: 1, settled: null }; ;) {
    await context.recorder.emit({ type: 'step.started', step: id, direction, attempt: attempt.number })
    const result = await tryOnce(stepRun, attempt)
    if (result.kind === 'end') return result
    const isOver = attempt.number >= context.config.rollback.retry.attempts || signal.aborted
    const isWorthIt = result.isDue === true || isRetryable(result.error)
    if (isOver || !isWorthIt) return giveUp(stepRun, result)
    await waitBeforeRetry(stepRun, attempt.number, result)
    attempt = { number: attempt.number + 1, settled: result.settled ?? null }
  }
}

interface Try {
  readonly number: number
  /** What the try before has read over a whole settle window. */
  readonly settled: { readonly pointer: Json } | null
}

async function waitBeforeRetry({ context, id, signal }: StepRun, attempt: number, result: Again): Promise<void> {
  const { recorder, config, platform } = context
  const delayMs = retryDelayMs(attempt, result.error, config.rollback.retry, platform.random)
  await recorder.emit({ type: 'step.retrying', step: id, attempt: attempt + 1, delayMs, error: result.error })
  await platform.clock.sleep(delayMs, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

/** An intent without proof is not a failure but something we do not know; so is what reads now so, now otherwise. */
function giveUp({ context, id }: StepRun, { error, isBlind }: Again): StepEnding {
  const { isOwed } = context.recorder.step(id)
  const isKnown = !isBlind && (error.code === 'READBACK_DISAGREES' || isRefused(error))
  const isUnsteady = isBlind && error.code === 'READBACK_DISAGREES'
  return {
    kind: 'end',
    status: isUnsteady || (isOwed && !isKnown) ? 'unknown' : 'failed',
    detail: error.message,
    error,
  }
}

async function tryOnce(stepRun: StepRun, attempt: Try): Promise<Attempt> {
  const { context, id, registry, signal } = stepRun
  // Regardless of how recent the validation is: a change from outside is never overwritten.
  return decide(
    stepRun,
    attempt,
    await inspectOne(subjectOf(context.recorder.step(id)), registry, context.contextFor, signal),
  )
}

async function decide(stepRun: StepRun, attempt: Try, { snapshot, error }: Inspection): Promise<Attempt> {
  if (error) return { kind: 'again', error, isBlind: true }
  const { context, id, direction, registry } = stepRun
  const step = context.recorder.step(id)
  const goal = decideGoal({ step, plan: context.recorder.view.plan, direction, snapshot, registry })
  if (goal.kind === 'confirm') {
    const result = await confirmAlready(stepRun, goal)
    return result.kind === 'elsewhere' ? decide(stepRun, attempt, result.inspection) : result
  }
  const isAgain = goal.kind === 'write' && direction === 'do' && step.wasIntended
  if (isAgain && !(attempt.settled && sameJson(attempt.settled.pointer, snapshot.pointer))) {
    const { isConfirmed, inspection } = await confirmPointer(stepRun, snapshot.pointer)
    if (stepRun.signal.aborted) return UNCONFIRMED
    if (!isConfirmed) return decide(stepRun, attempt, inspection)
  }
  return pursue(stepRun, attempt, snapshot, goal)
}

type Pursuit = Exclude<StepGoal, { kind: 'confirm' }>

async function pursue(stepRun: StepRun, attempt: Try, snapshot: Snapshot, goal: Pursuit): Promise<Attempt> {
  switch (goal.kind) {
    case 'nothing':
      return { kind: 'end', status: 'skipped', detail: goal.detail, error: null }
    case 'refuse':
      return failed(new BagboyError('REGISTRY_REJECTED', goal.detail))
    case 'conflict':
      return {
        kind: 'end',
        status: 'conflict',
        detail: goal.detail,
        error: toErrorReport(new BagboyError('REGISTRY_CONFLICT', goal.detail)),
      }
    case 'verify': {
      const { before, want } = stepRun.context.recorder.step(stepRun.id)
      const left = stepRun.direction === 'do' ? before : want
      return proveStep(stepRun, { before: left, want: goal.want, actionCount: 0, isWritten: false, error: null })
    }
    case 'wait': {
      const { recorder } = stepRun.context
      const { pre, want, byHand } = goal
      await recorder.emit({ type: 'step.waiting', step: stepRun.id, direction: stepRun.direction, pre, want, byHand })
      return { kind: 'end', status: 'manual', detail: byHand[0] ?? 'a person has to do it', error: null }
    }
    case 'write':
      return write(stepRun, attempt, snapshot, goal)
  }
}

type WriteGoal = Extract<StepGoal, { kind: 'write' }>

async function write(stepRun: StepRun, attempt: Try, snapshot: Snapshot, goal: WriteGoal): Promise<Attempt> {
  const { context, id, direction } = stepRun
  await context.lock.assertHeld()
  await context.recorder.emit({
    type: 'step.intent',
    step: id,
    direction,
    key: idempotencyKey(context.run, id, direction),
    attempt: attempt.number,
    pre: snapshot.pointer,
    want: goal.want,
    actions: goal.actions,
    undo: goal.undo,
    ...resolvedPin(context.recorder.step(id), snapshot),
    undoByHand: wayBackOf(stepRun, snapshot.pointer, goal),
  })
  failpoint('effect:intended')
  const error = await act(stepRun, goal, snapshot.pointer)
  return proveStep(stepRun, {
    before: goal.from,
    want: goal.want,
    actionCount: goal.actions.length,
    isWritten: true,
    error,
  })
}

/** Recorded with the intent: a later resume has to know it without asking a driver. */
function wayBackOf(
  { context, id, registry }: StepRun,
  before: Json,
  { want, undo }: Extract<StepGoal, { kind: 'write' }>,
): readonly string[] {
  const { plan } = context.recorder.step(id)
  const { from, to } = stepEnds(plan, context.recorder.view.plan)
  const way = { step: plan, leaves: to, reaches: from, pointer: want, want: before, actions: undo }
  return manualBack(way, registry)
}

/** A step that was planned unread learns only now what its target stands for; a resume has to know. */
function resolvedPin({ plan, wasIntended }: StepView, { target }: Snapshot): { readonly pin?: Json } {
  const isLearned = plan.deferred !== '' && !wasIntended && target.status === 'present'
  return isLearned && target.pin !== undefined ? { pin: target.pin } : {}
}

/** Sends the actions in order; stops at the first that is not answered well and says which error that was. */
async function act(
  stepRun: StepRun,
  { actions, want: wants }: Pick<WriteGoal, 'actions' | 'want'>,
  expected: Json,
): Promise<ErrorReport | null> {
  const { context, id, direction, registry, signal } = stepRun
  const total = actions.length + READS_REQUIRED
  for (const [done, action] of actions.entries()) {
    await context.recorder.emit({
      type: 'step.progress',
      step: id,
      status: 'executing',
      done,
      total,
      label: action.title,
    })
    await context.lock.assertHeld()
    failpoint('effect:sending')
    const error = await executeAction(
      registry.driver,
      action,
      actContext(context, { registry, step: context.recorder.step(id), direction, expected, wants, signal }),
    ).then(
      () => null,
      (reason: unknown) => reportRegistryError(reason, signal),
    )
    failpoint('effect:answered')
    const beside = registry.driver.movesNothing?.(action) === true ? { movesNothing: true } : {}
    await context.recorder.emit({ type: 'step.answered', step: id, action: action.title, error, ...beside })
    if (error && isSentLate(error)) context.lateRequests.sentLate(action.title)
    if (error && (isUnanswered(error) || isSentLate(error))) context.lateRequests.expect()
    if (error) return error
  }
  return null
}

function failed(error: BagboyError): StepEnding {
  return { kind: 'end', status: 'failed', detail: error.message, error: toErrorReport(error) }
}
