import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { TakeoverMode } from '../../../journal/journal.ts'
import { originText, type RunOrigin } from '../../../journal/run-origin.ts'
import type { DeploySummary } from '../../deploy/deploy.ts'
import { listOpenDeploys } from '../../deploy/recovery/deploy-list.ts'
import type { ForeignRun, RunSummary } from '../../engine.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { requireHere } from '../../../operation/environment.ts'
import { listOpenRuns, summarizeRun } from '../run/run-list.ts'

/** What is open in the folder and was not written by this user on this machine: it is listed, and blocks nothing. */
export async function listForeign(parts: EngineParts): Promise<readonly ForeignRun[]> {
  const runs = (await listOpenRuns(parts)).filter(isForeign).map((run): ForeignRun => ({
    noun: 'run',
    id: run.id,
    why: originText(run.origin),
    claim: claimOfRun(run),
    see: `bagboy-tui runs show ${run.id}`,
  }))
  const foreignDeploys = (await listOpenDeploys(parts)).filter(isForeign).map((deploy): ForeignRun => ({
    noun: 'deploy',
    id: deploy.id,
    why: originText(deploy.origin),
    claim: claimOfDeploy(deploy),
    see: 'bagboy-tui traffic status',
  }))
  return [...runs, ...foreignDeploys]
}

export function isForeign({ origin }: { readonly origin: RunOrigin }): boolean {
  return origin.kind === 'foreign'
}

/** What it says of itself, none of which is proved. */
export function claimOfRun({ kind, from, to, startedAt, claimedBy }: RunSummary): string {
  if (from === '' && to === '') return 'it has no record that can be read'
  const when = startedAt === '' ? 'never started' : `begun ${startedAt}`
  return `it claims to be a ${kind} from ${from} to ${to}, ${when}${claimedBy === '' ? '' : ` by ${claimedBy}`}`
}

function claimOfDeploy({ kind, version, slot, startedAt }: DeploySummary): string {
  if (startedAt === '') return 'it has no record that can be read'
  const what = kind === 'deploy' ? `a deploy of ${version} to ${slot}` : `a shift of traffic to ${slot}`
  return `it claims to be ${what}, begun ${startedAt}`
}

/** Of this environment, and ours unless it is taken over. @throws RUN_FOREIGN, RUN_UNKNOWN, USAGE */
export async function requireOwn(
  parts: Pick<EngineParts, 'journals' | 'config'>,
  id: string,
  mode: TakeoverMode,
): Promise<void> {
  const run = await summarizeRun(parts.journals, { run: id, isOpen: true })
  requireHere(parts, 'run', run)
  if (mode === 'takeover' || !isForeign(run)) return
  const claim = sanitize(claimOfRun(run), 300)
  throw new BagboyError('RUN_FOREIGN', `The run ${run.id} is not yours: ${originText(run.origin)}; ${claim}.`, {
    hint: `See it: bagboy-tui runs show ${run.id}. To do it all the same, add --takeover --reason TEXT.`,
  })
}
