import type { Approver } from '../approval/ask.ts'
import { canonicalJson, type Json } from '../domain/json.ts'
import { blockingFindings, type Finding, type RollbackPlan } from '../domain/plan.ts'
import type { HeldLock } from '../lock/lock.ts'
import type { Journal } from '../journal/journal.ts'
import { hashPlan } from '../planner/plan-rollback.ts'
import { askPlaces } from './check-places.ts'
import type { RunHandle, RunOutcome } from './engine.ts'
import { NEVER, type EngineParts } from './engine-parts.ts'
import { createLateRequests } from './late-requests.ts'
import { launch, settle, withLock, type Launch } from './launch-run.ts'
import { preflightPlan, type Preflight } from './preflight.ts'
import { createRecorder } from './recorder.ts'
import { failingPlaces } from './refuse-failing-places.ts'
import { refuseWhileOpen } from './refuse-while-open.ts'
import { runRollback } from './run-rollback.ts'
import { stale } from './stale-plan.ts'
import { refusal } from './validate-run.ts'

/** So long nobody asks the health of a slot again: it would only delay what the operator has just approved. */
const FRESH_MS = 60_000

/** Runs a plan. Nothing but the lock is written before every registry was read again. */
export function startRun(parts: EngineParts, plan: RollbackPlan, approver: Approver): RunHandle {
  return launch(plan.id, parts, approver, async (start) => {
    const blocking = blockingFindings(plan)
    if (blocking.length > 0) throw refusal(blocking)
    const purpose = `${plan.kind} ${plan.from} → ${plan.to}`
    return withLock(parts, { run: plan.id, purpose }, async (lock) => {
      await refuseWhileOpen(parts)
      await refuseStale(parts, plan)
      const journal = async () => {
        await lock.assertHeld()
        return parts.journals.create(plan.id, canonicalJson(plan as unknown as Json))
      }
      return executePlan(start, plan, lock, journal)
    })
  })
}

/** Reads every registry once more, opens the journal, and goes. */
export async function executePlan(
  start: Launch,
  plan: RollbackPlan,
  lock: HeldLock,
  openJournal: () => Promise<Journal>,
): Promise<RunOutcome> {
  const { parallelism, steps } = plan
  const preflight = await preflightPlan(steps, { ...start.parts, parallelism })
  const asked = await askAgain(start.parts, plan)
  return execute(start, { plan, lock, preflight: { ...preflight, asked } }, openJournal)
}

/**
 * What the plan found of a place a moment ago is still true; a saved plan may be a day old. An undo is planned without
 * asking.
 */
async function askAgain(parts: EngineParts, plan: RollbackPlan): Promise<readonly Finding[]> {
  if (plan.kind === 'undo') return askForUndo(parts, plan)
  const ageMs = Date.parse(parts.platform.clock.now()) - Date.parse(plan.created)
  return ageMs < FRESH_MS ? [] : askPlaces(parts, plan.steps, NEVER)
}

/**
 * Its steps keep the subject of the run they take back: where that came from is where they lead. Refused before there is
 * a run, so that the one to be taken back stays the newest.
 * @throws VALIDATION_FAILED when one fails its own checks
 */
async function askForUndo(parts: EngineParts, { steps, to }: RollbackPlan): Promise<readonly Finding[]> {
  const subjects = steps.map((step) => ({ package: step.package, to: step.from }))
  const findings = await askPlaces(parts, subjects, NEVER)
  const blocking = blockingFindings({ findings, overrides: [] })
  if (blocking.length === 0) return findings
  throw failingPlaces('Not started', blocking, `plan it anew, where it can be overridden: bagboy-tui rollback ${to}`)
}

interface Ready {
  readonly plan: RollbackPlan
  readonly lock: HeldLock
  readonly preflight: Preflight
}

async function execute(
  start: Launch,
  { plan, lock, preflight }: Ready,
  openJournal: () => Promise<Journal>,
): Promise<RunOutcome> {
  const { parts, stream } = start
  const recorder = createRecorder({
    run: plan.id,
    journal: await openJournal(),
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

/** @throws PLAN_STALE when it expired, or was made from another configuration or history */
export async function refuseStale({ config, history, platform }: EngineParts, plan: RollbackPlan): Promise<void> {
  if (plan.expires < platform.clock.now()) throw stale(`it expired at ${plan.expires}`)
  if (plan.configHash !== config.hash) throw stale(`${config.file} changed since`)
  const { hash } = await history.read()
  if (plan.historyHash !== hash) throw stale(`${config.history.file} changed since`)
}
