import { BagboyError } from '../../errors/bagboy-error.ts'
import type { StampedDeploy } from '../../events/deploy-events.ts'
import { projectDeploy, type DeployView } from '../../events/project-deploy.ts'
import type { RunFolder } from '../../journal/journal.ts'
import type { EngineParts } from '../engine-parts.ts'
import type { DeploySummary } from './deploy.ts'

type Deploys = EngineParts['deploys']

/** A deploy as its journal tells it. @throws RUN_UNKNOWN, JOURNAL_CORRUPT */
export async function readDeploy(
  { journals }: Deploys,
  deploy: string,
): Promise<{ readonly view: DeployView; readonly events: readonly StampedDeploy[] }> {
  const events = await journals.read(deploy)
  const view = events.reduce<DeployView | undefined>(projectDeploy, undefined)
  if (view) return { view, events }
  throw new BagboyError('RUN_UNKNOWN', `The deploy ${deploy} has no records: it never did anything.`)
}

/** Newest first. One that died before its first record never did anything, and is not listed. */
export async function listDeploys(deploys: Deploys): Promise<readonly DeploySummary[]> {
  return summaries(deploys, await deploys.journals.list())
}

/** The same of those that are not over. */
export async function listOpenDeploys(deploys: Deploys): Promise<readonly DeploySummary[]> {
  return summaries(deploys, await openFolders(deploys))
}

/** The newest that is not over; `undefined` when all are. */
export async function openDeploy(deploys: Deploys): Promise<DeployView | undefined> {
  for (const { run } of await openFolders(deploys)) {
    const view = await viewOf(deploys, run)
    if (view) return view
  }
  return undefined
}

/** The slot that the newest deploy left behind to go back to; `null` when something was put there or moved since. */
export async function newestKept(deploys: Deploys): Promise<DeployView['kept']> {
  for (const { run } of await deploys.journals.list()) {
    const view = await viewOf(deploys, run)
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

async function viewOf({ journals }: Deploys, run: string): Promise<DeployView | undefined> {
  return (await journals.read(run)).reduce<DeployView | undefined>(projectDeploy, undefined)
}

async function summaries(deploys: Deploys, folders: readonly RunFolder[]): Promise<readonly DeploySummary[]> {
  const read = folders.map(async ({ run, isOpen }) => {
    const view = await viewOf(deploys, run)
    if (!view) return []
    const { id, plan, startedAt, finishedAt, result, summary } = view
    const { kind, version, slot } = plan
    return [{ id, kind, version, slot, startedAt, finishedAt, result, isOpen, summary }]
  })
  return (await Promise.all(read)).flat()
}
