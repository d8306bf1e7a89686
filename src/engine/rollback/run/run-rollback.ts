import { EXIT, type ExitCode } from '../../../errors/codes.ts'
import type { RunResult } from '../../../events/events.ts'
import type { RunView, StepView } from '../../../events/project-run.ts'
import { isOver, isReached } from '../../../events/step-ending.ts'
import { countSteps } from '../../../events/count-steps.ts'
import { isContradicted } from '../../../events/run-ending.ts'
import { isTerminal } from '../../../machine/step-status.ts'
import { finishRun, type Ending } from './finish-run.ts'
import type { RunContext } from './run-context.ts'
import { runGroups, undoGroups } from './run-groups.ts'
import { dueAtPreflight, proveExclusions, unproved, type DueStep } from '../reads/prove-exclusions.ts'
import { reviewClaims, sweep } from './sweep.ts'
import { validateRun } from '../plan/validate-run.ts'

/** The five steps of a rollback: validate the target, take the plan, execute, prove, write down. */
export async function runRollback(context: RunContext): Promise<Ending> {
  const { recorder } = context
  await recorder.send('plan.accepted')
  await recorder.send('lock.taken')
  await validateRun(context)
  await recorder.send('validation.passed')
  await recorder.emit({ type: 'run.decided', direction: 'do', reason: recorder.view.plan.reason })
  await addSteps(context, dueAtPreflight(context))
  return goForward(context)
}

/** Also how a run that was found open goes on: the machine stands at `interrupted`. */
export async function resumeRollback(context: RunContext): Promise<Ending> {
  const { recorder } = context
  await recorder.send('recovery.started')
  await reviewClaims(context)
  if (recorder.view.direction === 'undo') return goBack(context, 'the run was being undone')
  await recorder.send('recovery.resumed')
  if (recorder.view.direction === null) {
    await recorder.emit({ type: 'run.decided', direction: 'do', reason: 'resumed' })
  }
  return goForward(context)
}

export async function undoRollback(context: RunContext, reason: string): Promise<Ending> {
  await context.recorder.send('recovery.started')
  await reviewClaims(context)
  return goBack(context, reason)
}

/** Until no registry that was planned to need nothing turns out to need something: each of them gets a step at most once. */
async function goForward(context: RunContext): Promise<Ending> {
  const { recorder } = context
  for (;;) {
    const { ending, due } = await runRound(context)
    if (ending === 'undo') {
      await recorder.send('steps.failed')
      await recorder.send('recovery.started')
      // It was asked to go forward: however well everything was taken back, that did not happen.
      return goBack(context, 'chosen after a failure', EXIT.partial)
    }
    if (ending === 'stopped') return stop(context)
    const canGoOn = isThrough(recorder.view)
    await addSteps(context, due)
    if (due.length === 0 || !canGoOn) return conclude(context)
  }
}

/** The steps that are left, and beside them the proof that the other registries need none. */
async function runRound(context: RunContext) {
  const over = new AbortController()
  const groups = runGroups(context).then((ending) => {
    if (ending !== 'finished') over.abort(new DOMException('The run does not go on.', 'AbortError'))
    return ending
  })
  const [ending, due] = await Promise.all([groups, proveExclusions(context, over.signal)])
  return { ending, due }
}

async function addSteps({ recorder }: RunContext, due: readonly DueStep[]): Promise<void> {
  for (const { plan, reason } of due) await recorder.emit({ type: 'step.added', step: plan.id, plan, reason })
}

function isWaiting({ status }: StepView): boolean {
  return status === 'manual'
}

function isThrough({ steps }: RunView): boolean {
  return steps.every((step) => isTerminal(step.status) || isWaiting(step))
}

async function conclude(context: RunContext): Promise<Ending> {
  const { recorder } = context
  if (!isThrough(recorder.view) || unproved(recorder.view).length > 0) {
    await recorder.send('steps.failed')
    await sweep(context)
    return finishRun(context, failureResult(context), EXIT.partial)
  }
  await recorder.send('steps.completed')
  const due = await sweep(context)
  if (due.length > 0 && isThrough(recorder.view)) {
    await recorder.send('steps.added')
    await addSteps(context, due)
    return goForward(context)
  }
  if (isContradicted(recorder.view)) {
    await recorder.send('readback.disagreed')
    return finishRun(context, failureResult(context), EXIT.partial)
  }
  if (recorder.view.steps.some(isWaiting)) {
    await recorder.send('manual.outstanding')
    return finishRun(context, 'manual', EXIT.manualOutstanding)
  }
  await recorder.send('readback.agreed')
  const wasSkipped = recorder.view.steps.some(({ status }) => status === 'skipped')
  return wasSkipped ? finishRun(context, 'partial', EXIT.partial) : finishRun(context, 'complete', EXIT.ok)
}

function failureResult({ recorder }: RunContext): RunResult {
  return countSteps(recorder.view).done > 0 ? 'partial' : 'failed'
}

/** The operator ended the run: what was in flight has settled, nothing is taken back silently. */
async function stop(context: RunContext): Promise<Ending> {
  const { recorder } = context
  await recorder.send('run.aborted')
  await recorder.send('steps.settled')
  await sweep(context)
  return finishRun(context, 'aborted', EXIT.aborted)
}

/** @param exitCode when everything is as it was before */
async function goBack(context: RunContext, reason: string, exitCode: ExitCode = EXIT.ok): Promise<Ending> {
  const { recorder } = context
  if (recorder.view.direction !== 'undo') await recorder.emit({ type: 'run.decided', direction: 'undo', reason })
  await undoGroups(context)
  await sweep(context)
  const left = recorder.view.steps.filter((step) => !isOver(step, 'undo'))
  if (left.length > 0 && left.every(({ status }) => status === 'manual') && !isContradicted(recorder.view)) {
    await recorder.send('operator.called')
    return finishRun(context, 'manual', EXIT.manualOutstanding)
  }
  const isBack = recorder.view.steps.every((step) => isReached(step, 'undo'))
  if (!isBack || isContradicted(recorder.view)) return finishRun(context, 'partial', EXIT.partial)
  await recorder.send('recovery.undone')
  return finishRun(context, 'undone', exitCode)
}
