import { BagboyError } from '../../errors/bagboy-error.ts'
import type { StampedDeploy } from '../../events/deploy-events.ts'
import { projectDeploy, type DeployView } from '../../events/project-deploy.ts'
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
  const views = await readAll(deploys)
  return views.map(({ view, isOpen }) => {
    const { id, plan, startedAt, finishedAt, result, summary } = view
    const { kind, version, slot } = plan
    return { id, kind, version, slot, startedAt, finishedAt, result, isOpen, summary }
  })
}

/** The newest that is not over; `undefined` when all are. */
export async function openDeploy(deploys: Deploys): Promise<DeployView | undefined> {
  return (await readAll(deploys)).find(({ isOpen }) => isOpen)?.view
}

/** The slot that the newest deploy left behind to go back to; `null` when traffic was moved by hand since. */
export async function newestKept(deploys: Deploys): Promise<DeployView['kept']> {
  const [newest] = (await readAll(deploys)).filter(({ view }) => view.hasMoved || view.plan.kind === 'shift')
  return newest?.view.kept ?? null
}

interface ReadDeploy {
  readonly view: DeployView
  readonly isOpen: boolean
}

async function readAll({ journals }: Deploys): Promise<readonly ReadDeploy[]> {
  const folders = await journals.list()
  const read = await Promise.all(
    folders.map(async ({ run, isOpen }) => {
      const events = await journals.read(run)
      const view = events.reduce<DeployView | undefined>(projectDeploy, undefined)
      return view ? [{ view, isOpen }] : []
    }),
  )
  return read.flat()
}
