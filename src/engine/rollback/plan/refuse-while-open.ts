import { BagboyError } from '../../../errors/bagboy-error.ts'
import { openDeploy } from '../../deploy/recovery/deploy-list.ts'
import type { EngineParts } from '../../engine-parts.ts'
import { isForeign } from '../recovery/foreign-runs.ts'
import { listOpenRuns } from '../run/run-list.ts'

/**
 * One operation at a time: an open run is finished first. A run that only waits for a person blocks nothing, because
 * that may take days. A foreign run was not begun by us.
 * @throws RUN_OPEN, JOURNAL_CORRUPT
 */
export async function refuseWhileOpen(parts: Pick<EngineParts, 'journals' | 'deploys' | 'config'>): Promise<void> {
  const { app, environment } = parts.config
  const run = (await listOpenRuns(parts)).find((one) => one.result !== 'manual' && !isForeign(one))
  if (run) {
    const { id } = run
    // Says what is damaged, where it is.
    if (run.damage !== '') await parts.journals.read(id)
    throw new BagboyError('RUN_OPEN', `The run ${id} of ${app} in ${environment} is not finished.`, {
      hint: `Look at it (bagboy-tui runs show ${id}), then: bagboy-tui runs resume ${id}, bagboy-tui runs undo ${id}, or bagboy-tui runs abort ${id} --reason TEXT`,
    })
  }
  const deploy = await openDeploy(parts)
  if (!deploy) return
  const what =
    deploy.plan.kind === 'deploy'
      ? `The deploy of ${deploy.plan.version} to ${environment} of ${app}`
      : `A shift of traffic of ${app} in ${environment}`
  const ending =
    deploy.direction === 'back'
      ? 'bagboy-tui traffic resume --theirs, which ends it with the traffic as it stands'
      : 'bagboy-tui traffic abort, which sends all traffic back'
  throw new BagboyError('RUN_OPEN', `${what} (${deploy.id}) is not over.`, {
    hint: `Look at it (bagboy-tui traffic status), then: bagboy-tui traffic resume, or ${ending}`,
  })
}
