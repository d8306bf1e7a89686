import type { RollbackPlan } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { projectRun } from '../../../events/project-run.ts'
import { countSteps } from '../../../events/count-steps.ts'
import type { Stamped } from '../../../events/events.ts'
import type { JournalStore, RunFolder } from '../../../journal/journal.ts'
import type { ReadRun, RunSummary } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { foldRecords, inspectOperation, openFolders } from '../../../operation/inspect-operation.ts'
import { textOf } from '../../../operation/operation-parts.ts'
import { isHere } from '../../../operation/environment.ts'

/**
 * A run as its journal tells it; one that died before its first record is its frozen plan and nothing else.
 * @throws JOURNAL_CORRUPT
 */
export async function readRun(journals: JournalStore, run: string): Promise<ReadRun> {
  const { events, planText, origin, damage } = await journals.inspect(run)
  if (damage) throw damage
  const view = foldRecords(
    { events: events.length > 0 ? events : [await unstarted(run, planText)], origin },
    projectRun,
  )
  if (view) return { view, events, origin }
  throw new BagboyError('JOURNAL_CORRUPT', `The journal of the run ${run} does not begin with its start.`, {
    hint: `End it: bagboy-tui runs abort ${run} --reason TEXT`,
  })
}

async function unstarted(run: string, planText: string): Promise<Stamped> {
  const plan = await readFrozenPlan(run, planText)
  const started = { type: 'run.started', plan, planHash: '', epoch: 0, actor: {}, tool: '' } as const
  return { ...started, run, seq: 0, at: plan.created }
}

/** The plan that a run was opened with. @throws PLAN_INVALID, RUN_UNKNOWN */
export async function readFrozenPlan(run: string, planText: string): Promise<RollbackPlan> {
  const { parsePlan } = await import('../../../events/schema/parse-plan.ts')
  const plan = parsePlan(`plan.json of the run ${run}`, new TextEncoder().encode(planText))
  if (plan.id === run) return plan
  throw new BagboyError('PLAN_INVALID', `plan.json of the run ${run}: id: it is the plan of another run.`, {
    hint: `End it: bagboy-tui runs abort ${run} --reason TEXT`,
  })
}

type Parts = Pick<EngineParts, 'journals' | 'config'>

/**
 * Those of this environment, newest first. A run without a record is listed with nothing but its id: it never did
 * anything.
 */
export async function listRuns(parts: Parts): Promise<readonly RunSummary[]> {
  return (await listAllRuns(parts.journals)).filter((run) => isHere(parts, run))
}

/** The same without those that are finished, whose number only grows: what is asked before anything begins. */
export async function listOpenRuns(parts: Parts): Promise<readonly RunSummary[]> {
  const folders = await openFolders(parts.journals)
  const runs = await Promise.all(folders.map((folder) => summarizeRun(parts.journals, folder)))
  return runs.filter((run) => isHere(parts, run))
}

/** Of every environment. */
export async function listAllRuns(journals: JournalStore): Promise<readonly RunSummary[]> {
  const folders = await journals.list()
  const read = await Promise.all(folders.map((folder) => readSummary(journals, folder)))
  const undone = undoneRuns(read)
  return read.map(({ summary }) => ({ ...summary, undoneBy: undone.get(summary.id) ?? null }))
}

/** Without what later runs did to it: an open run was taken back by none. */
export async function summarizeRun(journals: JournalStore, folder: RunFolder): Promise<RunSummary> {
  return (await readSummary(journals, folder)).summary
}

interface SummaryRead {
  readonly summary: RunSummary
  /** The run that it took back. */
  readonly undid: string | undefined
}

/** By run, the run that took it back. An undo that was taken back itself counts no more. Pure. */
function undoneRuns(newestFirst: readonly SummaryRead[]): ReadonlyMap<string, string> {
  const undone = new Map<string, string>()
  for (const { summary, undid } of newestFirst) {
    const { id, result, origin } = summary
    const isInForce = result === 'complete' && origin.kind !== 'foreign' && !undone.has(id)
    if (undid !== undefined && isInForce && !undone.has(undid)) undone.set(undid, id)
  }
  return undone
}

async function readSummary(journals: JournalStore, folder: RunFolder): Promise<SummaryRead> {
  const { run, isOpen, view, environment, origin, damage } = await inspectOperation(journals, folder, projectRun)
  const facts = { origin, damage: damage?.message ?? '', environment, id: run, isOpen }
  if (!view) return { summary: { ...BLANK, ...facts }, undid: undefined }
  const { plan, startedAt, finishedAt, result, steps, actor } = view
  const summary = {
    ...BLANK,
    ...facts,
    kind: plan.kind,
    from: plan.from,
    to: plan.to,
    startedAt,
    finishedAt,
    result,
    doneCount: countSteps(view).done,
    stepCount: steps.length,
    claimedBy: `${textOf(actor, 'user')} on ${textOf(actor, 'host')}`,
  }
  return { summary, undid: plan.undoes }
}

const BLANK = {
  kind: 'rollback',
  from: '',
  to: '',
  startedAt: '',
  finishedAt: null,
  result: null,
  undoneBy: null,
  doneCount: 0,
  stepCount: 0,
  claimedBy: '',
} as const
