import type { Approver } from '../approval/ask.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { RunHandle, RunOutcome } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'
import { launch, settle, withLock, type Launch } from './launch-run.ts'
import { createRecorder } from './recorder.ts'
import { resumeRollback, undoRollback } from './run-rollback.ts'
import { executePlan } from './start-run.ts'

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
      const context = { ...parts, ...start, run, recorder, lock, preflight: new Map() }
      return settle(start, context, undoReason === undefined ? resumeRollback : (c) => undoRollback(c, undoReason))
    })
  })
}

/** A run that died between its folder and its first record has done nothing: its frozen plan starts from the beginning. */
async function startOver(
  start: Launch,
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
