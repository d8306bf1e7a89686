import type { Deployment, History, PackageRecord } from '../domain/deployment.ts'
import type { PinnedVersion } from '../domain/plan.ts'
import type { RunView } from '../events/project-run.ts'
import type { HistoryEdit } from '../history/history-store.ts'
import type { OtherMemory } from '../history/repair/propose-repair.ts'
import type { JournalStore } from '../journal/journal.ts'
import { historyEdits } from './history-edits.ts'
import { readRun } from './run-list.ts'
import { sameVersion } from '../domain/version.ts'

/** What the journals of finished runs say of the history: the two versions each was about, and what it did. */
export async function rememberRuns(journals: JournalStore): Promise<OtherMemory> {
  const closed = (await journals.list()).filter(({ isOpen }) => !isOpen)
  const views: RunView[] = []
  for (const { run } of closed.toReversed()) {
    // Anybody may have put a foreign one there: it proves nothing about what was deployed.
    if ((await journals.inspect(run)).origin.kind === 'foreign') continue
    const { view } = await readRun(journals, run)
    if (view.result !== null) views.push(view)
  }
  const changes = views.flatMap((view) => [
    (history: History) => [view.plan.to, view.plan.from].flatMap((version) => insertUnknown(history, view, version)),
    (history: History) => historyEdits(history, factsOf(view)),
  ])
  return { source: `the journals of ${views.length} finished runs`, changes }
}

function factsOf(view: RunView) {
  return { view, result: view.result ?? 'failed', actor: {}, now: view.finishedAt ?? view.startedAt }
}

/** The deployment of a version that only the plan of a run tells of. */
function insertUnknown(history: History, { plan, steps, startedAt }: RunView, version: string): readonly HistoryEdit[] {
  if (history.deployments.some((known) => sameVersion(known.version, version))) return []
  const isLive = version === plan.from
  const pinOf = (step: (typeof steps)[number]): PinnedVersion => (isLive ? step.plan.from : step.plan.to)
  const packages = steps.map((step): PackageRecord => {
    const { pin } = pinOf(step)
    return { ...step.plan.package, status: 'deployed', ...(pin === null ? {} : { ref: pin }) }
  })
  const deployment: Omit<Deployment, 'id'> = {
    kind: 'deploy',
    version: isLive ? plan.from : plan.to,
    timestamp: startedAt,
    commit: '',
    environment: plan.environment,
    status: isLive ? 'active' : 'superseded',
    pinned: false,
    notes: 'made again from the journal of a run; when it was deployed is not known',
    packages,
    healthChecks: [],
  }
  return [{ kind: 'insert', deployment }]
}
