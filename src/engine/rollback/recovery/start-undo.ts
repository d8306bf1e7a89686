import type { Approver } from '../../../approval/ask.ts'
import { nameIn, packageKey, type Deployment, type History, type PackageStatus } from '../../../domain/deployment.ts'
import { stepEnds } from '../../../domain/step-ends.ts'
import { sameVersion } from '../../../domain/version.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { RunView } from '../../../events/project-run.ts'
import { whyTaken } from '../../../planner/slot-history.ts'
import { launch } from '../run/launch-run.ts'
import type { TakeoverMode } from '../../../journal/journal.ts'
import type { RunHandle } from '../../engine.ts'
import { requireOwn } from './foreign-runs.ts'
import { newRunId, type EngineParts } from '../../engine-parts.ts'
import { findUnproved } from '../step/find-unproved.ts'
import { nothingToUndo } from './nothing-to-undo.ts'
import { readRun } from '../run/run-list.ts'
import { refuseOtherActions } from '../remake/make-again.ts'
import { runPlan } from '../run/start-run.ts'
import { takeUp } from './take-up-run.ts'
import { undoExclusions } from './undo-exclusions.ts'
import { movedSteps, planUndo } from './undo-plan.ts'

/**
 * An open run is reverted in place; a finished one by a new run of kind `undo`, whose id the handle carries. A finished
 * run that changed nothing has nothing to undo: no run takes place, and the outcome says why.
 */
export function startUndo(
  parts: EngineParts,
  run: string,
  approver: Approver,
  reason: string,
  mode: TakeoverMode = 'own-only',
): RunHandle {
  const runId = newRunId(parts.platform)
  return launch(runId, parts, approver, async (start) => {
    const folder = (await parts.journals.list()).find((candidate) => candidate.run === run)
    const takeoverReason = mode === 'takeover' ? reason : undefined
    if (folder?.isOpen) return takeUp(start, run, { only: null, undoReason: reason, takeoverReason })
    // What a finished run found and wrote decides what is put back: it has to be ours.
    await requireOwn(parts, run, mode)
    const { view } = await readRun(parts.journals, run)
    if (movedSteps(view).length === 0) return nothingToUndo(view)
    refuseOtherActions(view, movedSteps(view), parts.registries)
    const plan = await makeUndoPlan(parts, view, runId, reason)
    parts.madePlans.add(plan)
    return runPlan(start, plan)
  })
}

async function makeUndoPlan(parts: EngineParts, view: RunView, id: string, reason: string) {
  const { history, hash } = await parts.history.read()
  refuseOvertaken(view, history)
  refuseReusedSlots(parts, view, history)
  const restored = restoredEntry(view, history)
  const now = parts.platform.clock.now()
  const facts = {
    id,
    now,
    expires: new Date(Date.parse(now) + 60_000).toISOString(),
    historyHash: hash,
    configHash: parts.config.hash,
    targetId: restored?.id ?? view.plan.targetId,
    reason,
    excluded: await undoExclusions(parts, view, restored, history),
    found: await findUnproved(parts, view),
  }
  return planUndo(view, facts, parts.registries)
}

/** What was live when the run began: the newest entry of the version, of those that are older than the run's own. */
function restoredEntry({ id, plan }: RunView, { deployments }: History): Deployment | undefined {
  const own = deployments.findIndex(({ run }) => run === id)
  return deployments
    .slice(own + 1)
    .find(({ version, status }) => sameVersion(version, plan.from) && status !== 'failed' && status !== 'partial')
}

/** Of these a deployment did not touch the package, or put it back. */
const UNTOUCHED: ReadonlySet<PackageStatus> = new Set<PackageStatus>(['skipped', 'not_in_target', 'rolled_back'])

/**
 * The registries no longer are as the run left them: undoing would take back later work as well.
 * @throws TARGET_UNSAFE
 */
function refuseOvertaken(view: RunView, { deployments }: History): void {
  const own = deployments.findIndex(({ run }) => run === view.id)
  const moved = new Set(movedSteps(view).map(({ plan }) => packageKey(plan.package)))
  const isSame = (record: Deployment['packages'][number]) =>
    moved.has(packageKey(nameIn(record, view.plan.app))) && !UNTOUCHED.has(record.status)
  const later = (
    own === -1 ? deployments.filter(({ timestamp }) => timestamp > view.startedAt) : deployments.slice(0, own)
  )
    .filter(({ status }) => status !== 'failed')
    .find(({ packages, kind }) => packages.some(isSame) || (kind === 'deploy' && packages.length === 0))
  if (!later) return
  throw new BagboyError(
    'TARGET_UNSAFE',
    `The run ${view.id} is not what is live: ${later.version} (@${later.id}) was deployed after it.`,
    { hint: `Plan a rollback instead: bagboy-tui rollback ${view.plan.from}` },
  )
}

/** What was put where the run took its users from is something else than what the undo would bring back. */
function refuseReusedSlots({ registries }: EngineParts, { id, plan: run, steps }: RunView, history: History): void {
  for (const { plan, status } of steps) {
    const { slots } = registries(plan.package).driver
    const { from } = stepEnds(plan, run)
    const isLed = status === 'done' && slots?.ofPin(from.pin) !== null
    const reason = isLed && slots && whyTaken(from, { history, ref: plan.package, slots })
    if (typeof reason !== 'string') continue
    throw new BagboyError('TARGET_UNSAFE', `The run ${id} cannot be undone: ${reason}, not ${from.version}.`, {
      hint: `Deploy ${from.version} again instead.`,
    })
  }
}
