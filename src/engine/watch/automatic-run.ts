import type { Approver } from '../../approval/ask.ts'
import type { RollbackPlan } from '../../domain/plan.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { RunHandle } from '../engine.ts'
import type { EngineParts } from '../engine-parts.ts'
import { startRun } from '../rollback/run/start-run.ts'

const TAKE_DEFAULTS: Approver = { ask: (question) => Promise.resolve(question.default) }

/** The engine runs what it approved: the screen may be busy, behind, or gone. */
export function beginAutomaticRun(parts: EngineParts, plan: RollbackPlan, approver: Approver = TAKE_DEFAULTS): void {
  parts.automaticRuns.set(plan.id, startRun(parts, plan, approver))
}

/** @throws RUN_UNKNOWN */
export function automaticRun({ automaticRuns }: EngineParts, run: string): RunHandle {
  const handle = automaticRuns.get(run)
  if (handle) return handle
  throw new BagboyError('RUN_UNKNOWN', `No watch of this process began the run ${run}.`, {
    hint: `Follow it: bagboy-tui runs follow ${run}`,
  })
}
