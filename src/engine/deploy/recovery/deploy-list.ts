import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { StampedDeploy } from '../../../events/deploy-events.ts'
import { projectDeploy } from '../../../events/project-deploy.ts'
import type { RunFolder } from '../../../journal/journal.ts'
import { foldRecords, inspectOperation, openFolders } from '../../../operation/inspect-operation.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { isHere } from '../../../operation/environment.ts'
import type { DeploySummary } from '../deploy.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

type Deploys = EngineParts['deploys']
type Parts = Pick<EngineParts, 'deploys' | 'config'>

/** A deploy, as folded from its journal. @throws RUN_UNKNOWN, JOURNAL_CORRUPT */
export async function readDeploy(
  { journals }: Deploys,
  deploy: string,
): Promise<{ readonly view: DeployView; readonly events: readonly StampedDeploy[] }> {
  const inspected = await journals.inspect(deploy)
  if (inspected.damage) throw inspected.damage
  const view = foldRecords(inspected, projectDeploy)
  if (view) return { view, events: inspected.events }
  throw new BagboyError('RUN_UNKNOWN', `The deploy ${deploy} has no records: it never did anything.`)
}

/** Those of this environment, newest first. One that died before its first record never did anything, and is not listed. */
export async function listDeploys(parts: Parts): Promise<readonly DeploySummary[]> {
  return summaries(parts, await parts.deploys.journals.list())
}

/** The same of those that are not over. */
export async function listOpenDeploys(parts: Parts): Promise<readonly DeploySummary[]> {
  return summaries(parts, await openFolders(parts.deploys.journals))
}

/** The newest of ours in this environment that is not over; `undefined` when all are. @throws JOURNAL_CORRUPT */
export async function openDeploy(parts: Parts): Promise<DeployView | undefined> {
  for (const folder of await openFolders(parts.deploys.journals)) {
    const view = await ownView(parts, folder)
    if (view) return view
  }
  return undefined
}

/** The slot that the newest deploy of ours left behind to go back to; `null` when something was put there or moved since. */
export async function newestKept(parts: Parts): Promise<DeployView['kept']> {
  for (const folder of await parts.deploys.journals.list()) {
    const view = await ownView(parts, folder)
    if (view && (view.hasMoved || view.plan.kind === 'shift' || hasBegun(view))) return view.kept
  }
  return null
}

function hasBegun({ stages }: DeployView): boolean {
  return stages.some(({ status }) => status !== 'pending')
}

/** `undefined` for a foreign one, whose words decide nothing, and for one of another environment. @throws JOURNAL_CORRUPT */
async function ownView(parts: Parts, folder: RunFolder): Promise<DeployView | undefined> {
  const found = await inspectOperation(parts.deploys.journals, folder, projectDeploy)
  if (found.origin.kind === 'foreign' || !isHere(parts, found)) return undefined
  if (found.damage) throw found.damage
  return found.view
}

async function summaries(parts: Parts, folders: readonly RunFolder[]): Promise<readonly DeploySummary[]> {
  const found = await Promise.all(
    folders.map((folder) => inspectOperation(parts.deploys.journals, folder, projectDeploy)),
  )
  return found.flatMap((one): readonly DeploySummary[] => {
    const { run, isOpen, view, origin, damage } = one
    if (!isHere(parts, one)) return []
    const facts = { origin, damage: damage?.message ?? '', isOpen, id: run }
    if (!view) return origin.kind === 'foreign' || damage ? [{ ...BLANK, ...facts }] : []
    const { plan, startedAt, finishedAt, result, summary } = view
    const { kind, version, slot } = plan
    return [{ ...facts, kind, version, slot, startedAt, finishedAt, result, summary }]
  })
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
