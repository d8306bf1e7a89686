import type { Approver } from '../approval/ask.ts'
import { canonicalJson, type Json } from '../domain/json.ts'
import type { RollbackPlan } from '../domain/plan.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Journal } from '../journal/journal.ts'
import { hashPlan } from '../planner/plan-rollback.ts'
import type { RunHandle, RunOutcome } from './engine.ts'
import type { EngineParts } from './engine-parts.ts'
import { createLateRequests } from './late-requests.ts'
import { launch, settle, withLock, type Launch } from './launch-run.ts'
import { prepareRun, refuseBlocked, type PreparedRun } from './prepare-run.ts'
import { createRecorder } from './recorder.ts'
import { refuseWhileOpen } from './refuse-while-open.ts'
import { runRollback } from './run-rollback.ts'

/** Runs a plan. Nothing but the lock is written before every registry was read again. */
export function startRun(parts: EngineParts, plan: RollbackPlan, approver: Approver): RunHandle {
  return launch(plan.id, parts, approver, async (start) => {
    refuseBlocked(plan)
    const purpose = `${plan.kind} ${plan.from} → ${plan.to}`
    return withLock(parts, { run: plan.id, purpose }, async (lock) => {
      await refuseWhileOpen(parts)
      return executePlan(start, plan, lock, async (made) => {
        await lock.assertHeld()
        return parts.journals.create(made.id, canonicalJson(made as unknown as Json))
      })
    })
  })
}

/** Reads every registry once more, opens the journal, and goes. */
export async function executePlan(
  start: Launch,
  plan: RollbackPlan,
  lock: HeldLock,
  openJournal: (made: RollbackPlan) => Promise<Journal>,
): Promise<RunOutcome> {
  return execute(start, { ...(await prepareRun(start.parts, plan)), lock }, openJournal)
}

interface Ready extends PreparedRun {
  readonly lock: HeldLock
}

async function execute(
  start: Launch,
  { plan, lock, preflight }: Ready,
  openJournal: (made: RollbackPlan) => Promise<Journal>,
): Promise<RunOutcome> {
  const { parts, stream } = start
  const recorder = createRecorder({
    run: plan.id,
    journal: await openJournal(plan),
    stream,
    clock: parts.platform.clock,
    lock,
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
  const lateRequests = createLateRequests({ ...parts.platform, ...parts.config.rollback, past: [] })
  return settle(
    start,
    { ...parts, ...start, run: plan.id, recorder, lock, preflight, lateRequests, only: null },
    runRollback,
  )
}
