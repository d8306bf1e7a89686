import type { RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { projectRun, type RunView } from '../events/project-run.ts'
import { countSteps } from '../events/count-steps.ts'
import type { Stamped } from '../events/events.ts'
import type { JournalStore, RunFolder } from '../journal/journal.ts'
import type { RunOrigin } from '../journal/run-origin.ts'
import type { ReadRun, RunSummary } from './engine.ts'
import { textOf } from './engine-parts.ts'

/**
 * A run as its journal tells it; one that died before its first record is its frozen plan and nothing else.
 * @throws JOURNAL_CORRUPT
 */
export async function readRun(journals: JournalStore, run: string): Promise<ReadRun> {
  const { events, planText, origin, damage } = await journals.inspect(run)
  if (damage) throw damage
  const view = foldRun(events.length > 0 ? events : [await unstarted(run, planText)], origin)
  if (view) return { view, events, origin }
  throw new BagboyError('JOURNAL_CORRUPT', `The journal of the run ${run} does not begin with its start.`, {
    hint: `End it: bagboy-tui runs abort ${run}`,
  })
}

/** Of a foreign run nobody knows what stands in its records: what cannot be made sense of has no view. */
function foldRun(events: readonly Stamped[], origin: RunOrigin): RunView | undefined {
  try {
    return events.reduce<RunView | undefined>(projectRun, undefined)
  } catch (error) {
    if (origin.kind !== 'foreign') throw error
    return undefined
  }
}

async function unstarted(run: string, planText: string): Promise<Stamped> {
  const plan = await readFrozenPlan(run, planText)
  const started = { type: 'run.started', plan, planHash: '', epoch: 0, actor: {}, tool: '' } as const
  return { ...started, run, seq: 0, at: plan.created }
}

/** The plan that a run was opened with. @throws PLAN_INVALID, RUN_UNKNOWN */
export async function readFrozenPlan(run: string, planText: string): Promise<RollbackPlan> {
  const { parsePlan } = await import('../events/schema/parse-plan.ts')
  const plan = parsePlan(`plan.json of the run ${run}`, new TextEncoder().encode(planText))
  if (plan.id === run) return plan
  throw new BagboyError('PLAN_INVALID', `plan.json of the run ${run}: id: it is the plan of another run.`, {
    hint: `End it: bagboy-tui runs abort ${run}`,
  })
}

/** Newest first. A run without a record is listed with nothing but its id: it never did anything. */
export async function listRuns(journals: JournalStore): Promise<readonly RunSummary[]> {
  const folders = await journals.list()
  return Promise.all(folders.map((folder) => summarizeRun(journals, folder)))
}

/** The same without those that are finished, whose number only grows: what is asked before anything begins. */
export async function listOpenRuns(journals: JournalStore): Promise<readonly RunSummary[]> {
  const folders = (await journals.list()).filter(({ isOpen }) => isOpen)
  return Promise.all(folders.map((folder) => summarizeRun(journals, folder)))
}

export async function summarizeRun(journals: JournalStore, { run, isOpen }: RunFolder): Promise<RunSummary> {
  const { events, origin, damage } = await journals.inspect(run)
  const view = foldRun(events, origin)
  const facts = { origin, damage: damage?.message ?? '' }
  if (!view) return { ...BLANK, ...facts, id: run, isOpen }
  const { plan, startedAt, finishedAt, result, steps, actor } = view
  return {
    ...facts,
    id: run,
    kind: plan.kind,
    from: plan.from,
    to: plan.to,
    startedAt,
    finishedAt,
    result,
    isOpen,
    doneCount: countSteps(view).done,
    stepCount: steps.length,
    claimedBy: `${textOf(actor, 'user')} on ${textOf(actor, 'host')}`,
  }
}

const BLANK = {
  kind: 'rollback',
  from: '',
  to: '',
  startedAt: '',
  finishedAt: null,
  result: null,
  doneCount: 0,
  stepCount: 0,
  claimedBy: '',
} as const
