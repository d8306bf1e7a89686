import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { followDeploy } from '../follow-deploy.ts'
import { renderTraffic } from '../render/traffic-lines.ts'

export async function runTrafficStatus(invocation: Invocation): Promise<number> {
  const { options, output, interruption, platform } = invocation
  const { engine } = await invocation.open()
  const report = await engine.traffic(interruption.signal)
  const lines = renderTraffic(report, platform.clock.now())
  if (options.isSet('watch') && report.open) {
    output.note(...lines, '')
    return followDeploy(engine.followDeploy(report.open.id), invocation)
  }
  await output.answer(report, () => lines)
  return EXIT.ok
}
