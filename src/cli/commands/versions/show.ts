import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { findDeployment } from '../../requests/find-deployment.ts'
import { renderDeployment } from '../../../view/history/history-lines.ts'

export async function runVersionsShow(invocation: Invocation): Promise<number> {
  const { args, output, platform } = invocation
  const { engine } = await invocation.open()
  const { history } = await engine.overview()
  const deployment = findDeployment(history, args[0] ?? '')
  await output.answer(deployment, () => renderDeployment(deployment, history, platform.clock.now()))
  return EXIT.ok
}
