import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { StampedDeploy } from '../../../events/deploy-events.ts'
import { projectDeploy } from '../../../events/project-deploy.ts'
import type { RunFolder } from '../../../journal/journal.ts'
import type { RunOrigin } from '../../../journal/run-origin.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { environmentIn, isHere } from '../../environment-of-run.ts'
import type { DeploySummary } from '../deploy.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

type Deploys = EngineParts['deploys']
type Parts = Pick<EngineParts, 'deploys' | 'config'>

/** A deploy as its journal tells it. @throws RUN_UNKNOWN, JOURNAL_CORRUPT */
export async function readDeploy(
  { journals }: Deploys,
  deploy: string,
): Promise<{ readonly view: DeployView; readonly events: readonly StampedDeploy[] }> {
  const { events, origin, damage } = await journals.inspect(deploy)
  if (damage) throw damage
  const view = foldDeploy(events, origin)
  if (view) return { view, events }
  throw new BagboyError('RUN_UNKNOWN', `The deploy ${deploy} has no records: it never did anything.`)
}

/** Those of this environment, newest first. One that died before its first record never did anything, and is not listed. */
export async function listDeploys(parts: Parts): Promise<readonly DeploySummary[]> {
  return summaries(parts, await parts.deploys.journals.list())
}

/** The same of those that are not over. */
export async function listOpenDeploys(parts: Parts): Promise<readonly DeploySummary[]> {
  return summaries(parts, await openFolders(parts.deploys))
}

/** The newest of ours in this environment that is not over; `undefined` when all are. @throws JOURNAL_CORRUPT */
export async function openDeploy(parts: Parts): Promise<DeployView | undefined> {
  for (const { run } of await openFolders(parts.deploys)) {
    const view = await ownView(parts, run)
    if (view) return view
  }
  return undefined
}

/** The slot that the newest deploy of ours left behind to go back to; `null` when something was put there or moved since. */
export async function newestKept(parts: Parts): Promise<DeployView['kept']> {
  for (const { run } of await parts.deploys.journals.list()) {
    const view = await ownView(parts, run)
    if (view && (view.hasMoved || view.plan.kind === 'shift' || hasBegun(view))) return view.kept
  }
  return null
}

function hasBegun({ stages }: DeployView): boolean {
  return stages.some(({ status }) => status !== 'pending')
}

async function openFolders({ journals }: Deploys): Promise<readonly RunFolder[]> {
  return (await journals.list()).filter(({ isOpen }) => isOpen)
}

/** `undefined` for a foreign one, whose words decide nothing, and for one of another environment. @throws JOURNAL_CORRUPT */
async function ownView(parts: Parts, run: string): Promise<DeployView | undefined> {
  const { events, origin, damage, planText } = await parts.deploys.journals.inspect(run)
  if (origin.kind === 'foreign') return undefined
  const view = damage ? undefined : foldDeploy(events, origin)
  if (!isHere(parts, { environment: view?.plan.environment ?? environmentIn(planText) })) return undefined
  if (damage) throw damage
  return view
}

/** Of a foreign one nobody knows what stands in its records: what cannot be made sense of has no view. */
function foldDeploy(events: readonly StampedDeploy[], origin: RunOrigin): DeployView | undefined {
  try {
    return events.reduce<DeployView | undefined>(projectDeploy, undefined)
  } catch (error) {
    if (origin.kind !== 'foreign') throw error
    return undefined
  }
}

async function summaries(parts: Parts, folders: readonly RunFolder[]): Promise<readonly DeploySummary[]> {
  const read = folders.map(async ({ run, isOpen }): Promise<readonly DeploySummary[]> => {
    const { events, origin, damage, planText } = await parts.deploys.journals.inspect(run)
    const view = foldDeploy(events, origin)
    if (!isHere(parts, { environment: view?.plan.environment ?? environmentIn(planText) })) return []
    const facts = { origin, damage: damage?.message ?? '', isOpen }
    if (!view) return origin.kind === 'foreign' || damage ? [{ ...BLANK, ...facts, id: run }] : []
    const { id, plan, startedAt, finishedAt, result, summary } = view
    const { kind, version, slot } = plan
    return [{ ...facts, id, kind, version, slot, startedAt, finishedAt, result, summary }]
  })
  return (await Promise.all(read)).flat()
}

const BLANK = {
  kind: 'deploy',
  version: '',
  slot: 'blue',
  startedAt: '',
  finishedAt: null,
  result: null,
  summary: '',
} as const
