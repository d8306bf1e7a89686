import { BagboyError } from '../errors/bagboy-error.ts'
import { projectRun, countSteps, type RunView } from '../events/project-run.ts'
import type { Stamped } from '../events/events.ts'
import type { JournalStore, RunFolder } from '../journal/journal.ts'
import type { RunSummary } from './engine.ts'

export async function readRun(
  journals: JournalStore,
  run: string,
): Promise<{ readonly view: RunView; readonly events: readonly Stamped[] }> {
  const events = await journals.read(run)
  const view = events.reduce(projectRun, undefined)
  if (view) return { view, events }
  throw new BagboyError(
    'RUN_UNKNOWN',
    `The run ${run} has no records: it died before its first one, nothing was changed.`,
    {
      hint: `End it: bagboy-tui runs abort ${run}`,
    },
  )
}

/** Newest first. A run without a record is listed with nothing but its id: it never did anything. */
export async function listRuns(journals: JournalStore): Promise<readonly RunSummary[]> {
  const folders = await journals.list()
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
    doneCount: countSteps(steps).done,
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
