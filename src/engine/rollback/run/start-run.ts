import type { Approver } from '../../../approval/ask.ts'
import { canonicalJson, type Json } from '../../../domain/text/json.ts'
import type { RollbackPlan } from '../../../domain/plan.ts'
import type { HeldLock } from '../../../lock/lock.ts'
import type { Journal } from '../../../journal/journal.ts'
import { hashPlan } from '../../../planner/plan-rollback.ts'
import type { RunHandle, RunOutcome } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { createLateRequests } from '../step/late-requests.ts'
import { keepOutcome, launch, settle, type Launch } from './launch-run.ts'
import { prepareRun, refuseBlocked, type PreparedRun } from '../plan/prepare-run.ts'
import { withCleanUp } from '../../../errors/with-clean-up.ts'
import { createRunRecorder, type RunRecorder } from './run-recorder.ts'
import { rehearseHistory } from '../../records/rehearse-history.ts'
import { runNotBegun } from './run-interrupted.ts'
import { refuseWhileOpen } from '../plan/refuse-while-open.ts'
import { runRollback } from './run-rollback.ts'
import { withLock } from '../../../operation/with-lock.ts'

/** Runs a plan. Nothing but the lock is written before every registry was read again. */
export function startRun(parts: EngineParts, plan: RollbackPlan, approver: Approver): RunHandle {
  return launch(plan.id, parts, approver, (start) => runPlan(start, plan))
}

export async function runPlan(start: Launch, plan: RollbackPlan): Promise<RunOutcome> {
  const { parts } = start
  refuseBlocked(plan)
  const purpose = `${plan.kind} ${plan.from} → ${plan.to}`
  return withLock(
    parts,
    { run: plan.id, purpose },
    async (lock) => {
      await refuseWhileOpen(parts)
      return executePlan(start, plan, lock, async (made) => {
        await lock.assertHeld()
        return parts.journals.create(made.id, canonicalJson(made as unknown as Json))
      })
    },
    keepOutcome,
  )
}

/** Reads every registry once more, opens the journal, and goes. */
export async function executePlan(
  start: Launch,
  plan: RollbackPlan,
  lock: HeldLock,
  openJournal: (made: RollbackPlan) => Promise<Journal>,
): Promise<RunOutcome> {
  const prepared = await prepareRun(start.parts, plan)
  await rehearseHistory(start.parts, prepared.plan, lock)
  return execute(start, { ...prepared, lock }, openJournal)
}

interface Ready extends PreparedRun {
  readonly lock: HeldLock
}

async function execute(
  start: Launch,
  { plan, lock, preflight }: Ready,
  openJournal: (made: RollbackPlan) => Promise<Journal>,
): Promise<RunOutcome> {
  const { parts } = start
  const recorder = await begin(start, { plan, lock, preflight }, openJournal).catch(async (error: unknown) => {
    const isOpen = await parts.journals.list().then(
      (folders) => folders.some(({ run, isOpen: isLeft }) => run === plan.id && isLeft),
      () => true,
    )
    throw isOpen ? runNotBegun(plan.id, error) : error
  })
  const lateRequests = createLateRequests({ ...parts.platform, ...parts.config.rollback, past: [] })
  return settle(
    start,
    { ...parts, ...start, run: plan.id, recorder, lock, preflight, lateRequests, only: null },
    runRollback,
  )
}

/** The run's folder, its frozen plan and its first record. */
async function begin(
  { parts, stream }: Launch,
  { plan, lock }: Ready,
  openJournal: (made: RollbackPlan) => Promise<Journal>,
): Promise<RunRecorder> {
  const journal = await openJournal(plan)
  const { platform, actor, tool } = parts
  const recorder = createRunRecorder({ run: plan.id, journal, stream, platform, lock })
  await recorder
    .emit({ type: 'run.started', plan, planHash: hashPlan(plan), epoch: lock.epoch, actor, tool })
    .catch((error: unknown) =>
      withCleanUp(
        () => Promise.reject(error),
        () => recorder.close(),
      ),
    )
  return recorder
}
