import type { RollbackPlan } from '../domain/plan.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import { projectRun, type RunView } from '../events/project-run.ts'
import { countSteps } from '../events/count-steps.ts'
import type { Stamped } from '../events/events.ts'
import type { JournalStore, RunFolder } from '../journal/journal.ts'
import type { RunSummary } from './engine.ts'

export interface ReadRun {
  readonly view: RunView
  readonly events: readonly Stamped[]
}

/** A run as its journal tells it; one that died before its first record is its frozen plan and nothing else. */
export async function readRun(journals: JournalStore, run: string): Promise<ReadRun> {
  const events = await journals.read(run)
  const view = (events.length > 0 ? events : [await unstarted(journals, run)]).reduce(projectRun, undefined)
  if (view) return { view, events }
  throw new BagboyError('JOURNAL_CORRUPT', `The journal of the run ${run} does not begin with its start.`, {
    hint: `End it: bagboy-tui runs abort ${run}`,
  })
}

async function unstarted(journals: JournalStore, run: string): Promise<Stamped> {
  const plan = await readFrozenPlan(journals, run)
  const started = { type: 'run.started', plan, planHash: '', epoch: 0, actor: {}, tool: '' } as const
  return { ...started, run, seq: 0, at: plan.created }
}

/** The plan that a run was opened with. @throws PLAN_INVALID, RUN_UNKNOWN */
export async function readFrozenPlan(journals: JournalStore, run: string): Promise<RollbackPlan> {
  const { parsePlan } = await import('../events/schema/parse-plan.ts')
  const plan = parsePlan(`plan.json of the run ${run}`, new TextEncoder().encode(await journals.readPlan(run)))
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

async function summarizeRun(journals: JournalStore, { run, isOpen }: RunFolder): Promise<RunSummary> {
  const events = await journals.read(run)
  const view = events.reduce(projectRun, undefined)
  if (!view) return { ...BLANK, id: run, isOpen }
  const { plan, startedAt, finishedAt, result, steps } = view
  return {
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
} as const
