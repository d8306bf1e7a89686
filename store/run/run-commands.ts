import type { RollbackPlan } from '../../src/domain/plan.ts'
import type { RunHandle, RunOutcome } from '../../src/engine/engine.ts'
import { toErrorReport } from '../../src/errors/bagboy-error.ts'
import type { DialogApprover } from '../dialog/approver.ts'
import type { CommandContext } from '../command-context.ts'
import { runCommand } from '../plan/command-line.ts'
import { shellWord } from '../../src/domain/text/shell-word.ts'
import { batchEvents, tick } from '../event-batches.ts'
import { safe } from '../safe.ts'

export interface RunParts {
  readonly approver: DialogApprover
  readonly refresh: () => Promise<void>
  readonly onBegin: () => void
  /** `undefined`: it did not come to an end. */
  readonly onEnd: (outcome: RunOutcome | undefined) => void
}

/** Starts and stops runs. Components never start work; these do. */
export function runCommands(context: CommandContext, { approver, refresh, onBegin, onEnd }: RunParts) {
  const { engine, dispatch, state, session } = context

  function follow(handle: RunHandle, command: string): void {
    onBegin()
    session.handle = handle
    dispatch({ type: 'run.opened', run: { id: handle.id, command, isActive: true } })
    context.open('run', true)
    const stopTicking = tick(context)
    session.run = consume(handle, stopTicking).finally(() => {
      session.run = undefined
    })
    void session.run.then(refresh)
  }

  /** Settles when the outcome is in the state. Never rejects. */
  async function consume(handle: RunHandle, stopTicking: () => void): Promise<void> {
    const batch = batchEvents(context)
    let outcome: RunOutcome | undefined
    try {
      for await (const event of handle) batch.add(event)
      outcome = await handle.result
      batch.flush()
      if (outcome.nothingToDo === undefined) dispatch({ type: 'run.ended', outcome: safe(outcome) })
    } catch (error) {
      batch.flush()
      dispatch({ type: 'run.failed', error: safe(toErrorReport(error)) })
    }
    stopTicking()
    session.handle = undefined
    if (state().dialog?.kind === 'choice') dispatch({ type: 'dialog.opened', dialog: null })
    const nothingToDo = outcome?.nothingToDo
    if (nothingToDo === undefined) context.open('result', true)
    else {
      dispatch({ type: 'run.closed' })
      context.open('history', true)
      context.notify('info', nothingToDo)
    }
    if (outcome?.warning !== undefined) context.notify('warning', outcome.warning)
    onEnd(outcome)
  }

  function resumeRun(runId: string, step?: string): void {
    const only = step === undefined ? undefined : { only: [step] }
    const flag = step === undefined ? '' : ` --only ${shellWord(step)}`
    follow(engine.resume(runId, approver, only), `${state().options.program} runs resume ${runId}${flag}`)
  }

  return {
    /** Runs exactly the plan whose id was confirmed. */
    startRollback: (id: string, typed: string): void => {
      const { plan } = session
      const shown = state().plan
      if (plan?.id !== id || shown?.plan.id !== id) {
        return context.notify('bad', 'Nothing was run: the plan changed while the dialog was open. Review it again.')
      }
      const reason = typed === '' ? session.reason : typed
      const command = runCommand(state().options.program, shown, reason)
      follow(engine.run(reason === '' ? plan : { ...plan, reason }, approver), command)
    },
    /** A rollback that the engine approved by health, and has begun. */
    showAutomatic(plan: RollbackPlan): void {
      // Only one of two runs gets the lock; the other is refused.
      if (session.handle) return
      session.plan = plan
      dispatch({ type: 'dialog.opened', dialog: null })
      const shown = { plan: safe(plan), target: plan.to, except: [] }
      dispatch({ type: 'plan.made', plan: shown.plan, request: shown })
      follow(engine.attach(plan.id), runCommand(state().options.program, shown, plan.reason))
    },
    resumeRun,
    undoRun(runId: string, reason: string): void {
      follow(engine.undo(runId, approver, reason), `${state().options.program} runs undo ${runId}`)
    },
    pause(): void {
      if (!session.handle || state().run?.isActive !== true) return
      session.handle.pause()
      dispatch({ type: 'run.paused', isPaused: true })
    },
    unpause(): void {
      if (!session.handle || state().run?.isActive !== true) return
      session.handle.unpause()
      dispatch({ type: 'run.paused', isPaused: false })
    },
    abort(reason: string): void {
      if (!session.handle) return
      session.handle.stop(reason)
      dispatch({ type: 'run.aborting' })
    },
    takeDefaults: approver.takeDefaults,
  }
}
