import type { TrafficReport } from '../../../engine/deploy/deploy.ts'
import type { Engine } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { noteForeign } from '../../questions/takeover.ts'
import { followDeploy } from '../../follow/follow-deploy.ts'
import { renderDeployOutcome } from '../../../view/deploy/deploy-lines.ts'
import { renderTraffic } from '../../../view/deploy/traffic-lines.ts'

export async function runTrafficStatus(invocation: Invocation): Promise<number> {
  const { options, output, platform } = invocation
  const { engine } = await invocation.open()
  await noteForeign(engine, invocation)
  const report = await readReport(engine, invocation)
  const lines = renderTraffic(report, platform.clock.now())
  if (options.isSet('watch') && report.open) {
    output.note(...lines, '')
    return followDeploy(engine.followDeploy(report.open.id), invocation, { isOurs: false })
  }
  await output.answer(report, () => lines)
  return EXIT.ok
}

/** Shows the open deploy when the balancer cannot be read. */
async function readReport(engine: Engine, { output, interruption }: Invocation): Promise<TrafficReport> {
  try {
    return await engine.traffic(interruption.signal)
  } catch (error) {
    const open = (await engine.openDeploys()).find(({ origin }) => origin.kind !== 'foreign')
    if (open) output.note(...renderDeployOutcome((await engine.readDeploy(open.id)).view))
    throw error
  }
}
