import type { Approver } from '../../../approval/ask.ts'
import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { TakenJournal } from '../../../journal/journal.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import { modeFor, takeOver } from '../../../operation/takeover.ts'
import { configNotes } from '../plan/config-notes.ts'
import type { RunHandle, RunOutcome } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { requireOwn } from './foreign-runs.ts'
import { createLateRequests } from '../step/late-requests.ts'
import { keepOutcome, launch, settle, type Launch } from '../run/launch-run.ts'
import { nothingToUndo } from './nothing-to-undo.ts'
import { createRunRecorder } from '../run/run-recorder.ts'
import { refuseOtherActions } from '../remake/make-again.ts'
import { narrowStep } from '../remake/narrow-step.ts'
import { isOver } from '../../../events/step-ending.ts'
import { refuseFailingSlots } from '../plan/refuse-failing-slots.ts'
import { readFrozenPlan, readRun } from '../run/run-list.ts'
import type { RunContext } from '../run/run-context.ts'
import { runNotTakenUp } from '../run/run-interrupted.ts'
import { resumeRollback, undoRollback } from '../run/run-rollback.ts'
import { executePlan } from '../run/start-run.ts'
import { failpoint } from '../../../platform/failpoint.ts'
import { NO_PREFLIGHT } from '../plan/preflight-reading.ts'
import { withLock } from '../../../operation/with-lock.ts'

export interface TakingUp {
  /** Only these steps; `null` = all that are left. */
  readonly only: readonly string[] | null
  /** Why a foreign run is taken over; without it one is refused. */
  readonly takeoverReason?: string | undefined
  /** Back instead of forward, and why. */
  readonly undoReason?: string
}

/** Resumes an open run: in the direction that was decided, or back when `undoReason` says so. */
export function takeUpRun(parts: EngineParts, run: string, approver: Approver, how: TakingUp): RunHandle {
  return launch(run, parts, approver, (start) => takeUp(start, run, how))
}

export async function takeUp(
  start: Launch,
  run: string,
  { only, undoReason, takeoverReason }: TakingUp,
): Promise<RunOutcome> {
  const { parts, stream } = start
  const mode = modeFor(takeoverReason)
  const folders = await parts.journals.list()
  if (!folders.some((folder) => folder.run === run && folder.isOpen)) {
    await parts.journals.read(run)
    throw new BagboyError('RUN_NOT_OPEN', `The run ${run} is finished; there is nothing to resume.`, {
      hint: `See what it did: bagboy-tui runs show ${run}`,
    })
  }
  await requireOwn(parts, run, mode)
  if (only) await requireSteps(parts, run, only)
  const purpose = undoReason === undefined ? 'resume' : 'undo'
  return withLock(
    parts,
    { run, purpose },
    async (lock) => {
      await refuseChangedRun(parts, run, { only, isBack: undoReason !== undefined })
      const taken = await parts.journals
        .reopen(run, () => lock.assertHeld(), mode)
        .catch((error: unknown) => {
          throw runNotTakenUp(run, error)
        })
      const { journal, past, origin } = taken
      if (past.length === 0) return startOver(start, { run, lock, taken }, undoReason)
      const recorder = createRunRecorder({ run, journal, stream, platform: parts.platform, lock, past })
      const lateRequests = createLateRequests({ ...parts.platform, ...parts.config.rollback, past })
      const context = { ...parts, ...start, run, recorder, lock, preflight: NO_PREFLIGHT, lateRequests, only }
      const isBack = undoReason !== undefined || recorder.view.direction === 'undo'
      return settle(start, context, async () => {
        const notes = configNotes(recorder.view, parts.config)
        const facts = await takeOver(parts, lock, { run, purpose, origin, reason: takeoverReason })
        await recorder.emit({ type: 'run.adopted', ...facts, ...(notes.length > 0 ? { notes } : {}) })
        failpoint('run:adopted')
        await narrowSteps(context, only)
        await refuseFailingSlots(context, isBack ? 'undo' : 'do')
        return undoReason === undefined ? resumeRollback(context) : undoRollback(context, undoReason)
      })
    },
    keepOutcome,
  )
}

/** From here on a step leads to no more than its registry's entry now moves. */
async function narrowSteps({ recorder, registries }: RunContext, only: readonly string[] | null): Promise<void> {
  const { steps, plan, direction } = recorder.view
  for (const step of steps.filter(({ id }) => only?.includes(id) ?? true)) {
    if (isOver(step, direction ?? 'do')) continue
    const narrowed = narrowStep(step, plan, registries(step.plan.package))
    if (narrowed) await recorder.emit({ type: 'step.narrowed', step: step.id, ...narrowed })
  }
}

/** Nothing that a journal says is sent: what is left to do has to be what is planned of it here. @throws PLAN_CHANGED */
async function refuseChangedRun(
  { journals, registries }: EngineParts,
  run: string,
  { only, isBack }: { readonly only: readonly string[] | null; readonly isBack: boolean },
): Promise<void> {
  const { view, events } = await readRun(journals, run)
  if (events.length === 0) return
  const direction = isBack ? 'undo' : (view.direction ?? 'do')
  const left = view.steps.filter((step) => !isOver(step, direction) && (only?.includes(step.id) ?? true))
  refuseOtherActions(view, left, registries)
}

async function requireSteps({ journals }: EngineParts, run: string, only: readonly string[]): Promise<void> {
  const { steps } = (await readRun(journals, run)).view
  const unknown = only.find((id) => !steps.some((step) => step.id === id))
  if (unknown === undefined) return
  throw new BagboyError('RUN_UNKNOWN', `The run ${run} has no step "${sanitize(unknown, 200)}".`, {
    hint: `Its steps: ${steps.map(({ id }) => id).join(', ')}`,
  })
}

/** What is wrong with a frozen plan for good. */
const NEVER_RUNS: ReadonlySet<string> = new Set(['PLAN_STALE', 'PLAN_CHANGED', 'PLAN_INVALID'])

interface Blank {
  readonly run: string
  readonly lock: HeldLock
  readonly taken: TakenJournal
}

/** A run that died between its folder and its first record has done nothing: its frozen plan starts from the beginning. */
async function startOver(
  start: Launch,
  { run, lock, taken: { journal, planText, origin } }: Blank,
  undoReason: string | undefined,
): Promise<RunOutcome> {
  const { journals } = start.parts
  if (origin.kind === 'foreign') {
    await journal.close()
    throw new BagboyError('RUN_FOREIGN', `The run ${run} never started: there is nothing of it to go on with.`, {
      hint: `Plan what it was meant to do: bagboy-tui rollback. Put it away: bagboy-tui runs abort ${run} --takeover --reason TEXT`,
    })
  }
  if (undoReason !== undefined) {
    await journal.close()
    await journals.close(run, journal.part)
    return nothingToUndo((await readRun(journals, run)).view)
  }
  try {
    const plan = await readFrozenPlan(run, planText)
    return await executePlan(start, plan, lock, () => Promise.resolve(journal))
  } catch (error) {
    // It never began and never can: left open it would only be in the way of the new plan that is asked for.
    if (error instanceof BagboyError && NEVER_RUNS.has(error.code)) {
      await journal.close()
      await journals.close(run, journal.part)
    }
    throw error
  }
}
