import type { Approver } from '../approval/ask.ts'
import type { History } from '../domain/deployment.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { RunView } from '../events/project-run.ts'
import { whyTaken } from '../planner/places.ts'
import type { RunHandle } from './engine.ts'
import { newRunId, type EngineParts } from './engine-parts.ts'
import { deferHandle } from './deferred-handle.ts'
import { readRun } from './run-list.ts'
import { startRun } from './start-run.ts'
import { takeUpRun } from './take-up-run.ts'
import { planUndo } from './undo-plan.ts'

/** An open run is reverted in place; a finished one by a new run of kind `undo`, whose id the handle carries. */
export function startUndo(parts: EngineParts, run: string, approver: Approver, reason: string): RunHandle {
  const runId = newRunId(parts.platform)
  return deferHandle(runId, async () => {
    const folder = (await parts.journals.list()).find((candidate) => candidate.run === run)
    if (folder?.isOpen) return takeUpRun(parts, run, approver, { only: null, undoReason: reason })
    return startRun(parts, await makeUndoPlan(parts, run, runId, reason), approver)
  })
}

async function makeUndoPlan(parts: EngineParts, run: string, id: string, reason: string) {
  const { view } = await readRun(parts.journals, run)
  const { history, hash } = await parts.history.read()
  const restored = history.deployments.find(({ version, kind }) => version === view.plan.from && kind !== 'rollback')
  const newest = history.deployments.find(({ status }) => status === 'active')
  if (newest && newest.run !== run) {
    throw new BagboyError(
      'TARGET_UNSAFE',
      `The run ${run} is not what is live: ${newest.version} (@${newest.id}) was deployed after it.`,
      { hint: `Plan a rollback instead: bagboy-tui rollback ${view.plan.from}` },
    )
  }
  refuseTaken(parts, view, history)
  const now = parts.platform.clock.now()
  return planUndo(view, {
    id,
    now,
    expires: new Date(Date.parse(now) + 60_000).toISOString(),
    historyHash: hash,
    configHash: parts.config.hash,
    targetId: restored?.id ?? view.plan.targetId,
    reason,
  })
}

/** What was put where the run took its users from is something else than what the undo would bring back. */
function refuseTaken(
  { registries, config: { environment } }: EngineParts,
  { id, steps }: RunView,
  history: History,
): void {
  for (const { plan, status } of steps) {
    const { places } = registries(plan.package).driver
    const isLed = status === 'done' && places?.ofPin(plan.from.pin) !== null
    const reason = isLed && places && whyTaken(plan.from, { history, ref: plan.package, places, environment })
    if (typeof reason !== 'string') continue
    throw new BagboyError('TARGET_UNSAFE', `The run ${id} cannot be undone: ${reason}, not ${plan.from.version}.`, {
      hint: `Deploy ${plan.from.version} again instead.`,
    })
  }
}
