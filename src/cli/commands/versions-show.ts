import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { findDeployment } from '../find-deployment.ts'
import { renderDeployment } from '../render/history-lines.ts'

export const versionsShowCommand: CommandSpec = {
  name: 'versions show',
  args: [['<VERSION>', 'v1.2.0 or @12 (history id)']],
  summary: 'One entry of the history with its packages and pins',
  options: [OUTPUT_OPTION],
  examples: ['versions show v1.2.0', 'versions show @12 -o json'],
  async run(invocation) {
    const { args, output, ports } = invocation
    const { engine } = await invocation.open()
    const { history } = await engine.overview()
    const deployment = findDeployment(history, args[0] ?? '')
    await output.answer(deployment, () => renderDeployment(deployment, history, ports.platform.clock.now()))
    return EXIT.ok
  },
}
