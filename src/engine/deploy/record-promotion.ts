import type { PackageRecord } from '../../domain/deployment.ts'
import type { Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { HistoryEdit, LoadedHistory } from '../../history/history-store.ts'
import { failpoint } from '../../platform/failpoint.ts'
import { capturePackage, configuredPackages } from '../record-deployment.ts'
import { skipped, passed, type DeployContext, type StageOutcome } from './deploy-context.ts'
import { promotionEdits } from './deploy-history.ts'

/** Makes the version the live one of the history, with the pins of the registries as they serve it now. */
export async function recordPromotion(context: DeployContext): Promise<StageOutcome> {
  const { plan } = context.recorder.view
  if (plan.version === '') return skipped(`the history does not know what is in ${plan.slot}`)
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

/** A registry that cannot be read, or does not have the version yet, is in the way of nothing: it is written down without a pin. */
async function captureAll({ parts, recorder, signal }: DeployContext): Promise<readonly PackageRecord[]> {
  const { plan } = recorder.view
  const refs = configuredPackages(parts.config)
  return Promise.all(
    refs.map(async (ref): Promise<PackageRecord> => {
      try {
        return await capturePackage(parts, ref, plan.version as Version, signal)
      } catch (error) {
        if (!(error instanceof BagboyError) || signal.aborted) throw error
        return { ...ref, status: 'unknown' }
      }
    }),
  )
}

export function factsOf({ recorder, parts }: DeployContext) {
  return { view: recorder.view, actor: parts.actor, now: parts.platform.clock.now() }
}

/** Writes the history, and says what became of it. */
export async function commitDeploy(
  { parts, recorder, lock }: DeployContext,
  purpose: string,
  change: (loaded: LoadedHistory) => readonly HistoryEdit[],
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
