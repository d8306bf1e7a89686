import type { Deployment, FileHistory, History, PackageRecord } from '../../domain/deployment.ts'
import { environmentHistory } from '../../domain/environment-history.ts'
import type { PinnedVersion } from '../../domain/plan.ts'
import { sameVersion } from '../../domain/version.ts'
import type { RunView } from '../../events/project-run.ts'
import { nameEdits } from '../../history/environment-store.ts'
import type { OtherMemory } from '../../history/repair/propose-repair.ts'
import type { Registries } from '../../planner/bind-registries.ts'
import type { EngineParts } from '../engine-parts.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { KnownRegistries } from './entry-packages.ts'
import { historyEdits } from './history-edits.ts'
import { readRun } from '../rollback/run/run-list.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'

/** What the journals of finished runs say of the history: the two versions each was about, and what it did. */
export async function rememberRuns({
  journals,
  registries,
  config: { fileEnvironment },
}: Pick<EngineParts, 'journals' | 'registries' | 'config'>): Promise<OtherMemory> {
  const closed = (await journals.list()).filter(({ isOpen }) => !isOpen)
  const views: RunView[] = []
  for (const { run } of closed.toReversed()) {
    // Any user may have put a foreign one there: it proves nothing about what was deployed.
    if ((await journals.inspect(run)).origin.kind === 'foreign') continue
    const { view } = await readRun(journals, run)
    if (view.result !== null) views.push(view)
  }
  const known = whereConfigured(registries)
  const changes = views.flatMap((view) => {
    const { environment } = view.plan
    const here = (file: FileHistory): History => environmentHistory(file, { environment, fileEnvironment })
    return [
      (file: FileHistory) => [view.plan.to, view.plan.from].flatMap((one) => insertUnknown(here(file), view, one)),
      (file: FileHistory) => nameEdits(historyEdits(here(file), factsOf(view, known)), environment),
    ]
  })
  return { source: `the journals of ${views.length} finished runs`, changes }
}

/** A run may be older than the configuration: what became of it is still remembered. */
function whereConfigured(registries: Registries): KnownRegistries {
  return (ref) => {
    try {
      return registries(ref)
    } catch (error) {
      if (error instanceof BagboyError && error.code === 'CONFIG_INVALID') return undefined
      throw error
    }
  }
}

function factsOf(view: RunView, registries: KnownRegistries) {
  return { view, registries, result: view.result ?? 'failed', actor: {}, now: view.finishedAt ?? view.startedAt }
}

/** The deployment of a version that is known only from the plan of a run. */
function insertUnknown(history: History, { plan, steps, startedAt }: RunView, version: string): readonly HistoryEdit[] {
  if (history.deployments.some((known) => sameVersion(known.version, version))) return []
  const isLive = version === plan.from
  const packages = steps.map((step): PackageRecord => {
    // The end of the step that is this version: a registry may have been found at another one.
    const ends: readonly PinnedVersion[] = [step.plan.from, step.plan.to]
    const pin = ends.find((end) => sameVersion(end.version, version))?.pin ?? null
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
