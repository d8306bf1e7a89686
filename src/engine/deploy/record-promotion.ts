import { activeDeployment, packageKey, type History, type PackageRecord } from '../../domain/deployment.ts'
import { sameJson, type Json } from '../../domain/text/json.ts'
import { sameVersion, type Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { capturePackage, configuredPackages } from '../records/capture-package.ts'
import { skipped, passed, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { promotionEdits } from './deploy-history.ts'
import { hasAllTraffic } from './traffic/has-all-traffic.ts'
import type { HistoryEdit } from '../../history/history-edit.ts'
import type { LoadedHistory } from '../../history/loaded-history.ts'

/**
 * Makes the version the live one of the history, with the pins of the registries as they serve it now. @returns `undefined`
 * when its slot does not have all of the traffic, and a person is asked
 */
export async function recordPromotion(context: DeployContext): Promise<StageOutcome | undefined> {
  const { plan } = context.recorder.view
  if (plan.version === '') return skipped(`the history does not know what is in ${plan.slot}`)
  if (!(await hasAllTraffic(context))) return undefined
  const others = plan.kind === 'deploy' ? await captureAll(context) : untouched(context)
  await commitDeploy(context, `deploy ${plan.version}`, ({ history }) =>
    promotionEdits(history, factsOf(context), others),
  )
  const missing = others
    .filter(({ status }) => status === 'unknown')
    .map(({ format, registry }) => `${format} ${registry}`)
  return passed(missing.length === 0 ? '' : `without pins of ${missing.join(', ')}: they do not serve it`)
}

/** Registries do not move with the traffic. */
function untouched({ parts }: DeployContext): readonly PackageRecord[] {
  return configuredPackages(parts.config).map((ref) => ({ ...ref, status: 'skipped' }))
}

/**
 * A registry that cannot be read, or that does not have the version yet, does not stop the promotion: it is recorded
 * without a pin. A registry whose pointer is at the pin of the version before was not moved, regardless of the version
 * it reports.
 */
async function captureAll({ parts, recorder, signal }: DeployContext): Promise<readonly PackageRecord[]> {
  const { plan } = recorder.view
  const refs = configuredPackages(parts.config)
  const before = await pinsBefore(parts, plan.version)
  return Promise.all(
    refs.map(async (ref): Promise<PackageRecord> => {
      try {
        const record = await capturePackage(parts, ref, plan.version as Version, signal)
        const left = before.get(packageKey(ref))
        const isUnmoved = left !== undefined && sameJson(record.ref ?? null, left)
        return isUnmoved ? { ...ref, status: 'unknown' } : record
      } catch (error) {
        if (!(error instanceof BagboyError) || signal.aborted) throw error
        return { ...ref, status: 'unknown' }
      }
    }),
  )
}

/** What the live version was pinned to, unless it is the one that is deployed again. */
async function pinsBefore({ history }: DeployContext['parts'], version: string): Promise<ReadonlyMap<string, Json>> {
  const live = activeDeployment((await history.read()).history)
  if (!live || sameVersion(live.version, version)) return new Map()
  return new Map(live.packages.flatMap((record) => (record.ref ? [[packageKey(record), record.ref] as const] : [])))
}

export function factsOf({ recorder, parts }: DeployContext) {
  return { view: recorder.view, actor: parts.actor, now: parts.platform.clock.now() }
}

/** Writes the history, and says what became of it. */
export async function commitDeploy(
  { parts, recorder, lock }: DeployContext,
  purpose: string,
  change: (loaded: LoadedHistory<History>) => readonly HistoryEdit[],
): Promise<void> {
  const { id } = recorder.view
  let edits: readonly HistoryEdit[] = []
  const committed = await parts.history.commit(
    (loaded) => (edits = change(loaded)),
    { run: id, epoch: lock.epoch, purpose, actor: parts.actor },
    () => lock.assertHeld(),
  )
  failpoint('deploy:history-committed')
  for (const edit of edits) {
    if (edit.kind !== 'hold') continue
    await recorder.emit({ type: 'hold.placed', version: edit.hold.version, reason: edit.hold.reason })
  }
  const entry = committed.history.deployments.find(({ run }) => run === id)
  if (!entry) return
  await recorder.emit({ type: 'history.committed', deploymentId: entry.id, revision: committed.revision })
}
