import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { renderHistory } from '../render/history-lines.ts'

export const versionsListCommand: CommandSpec = {
  name: 'versions list',
  args: [],
  summary: 'The deployment history, newest first',
  options: [{ flags: '-n, --limit <count>', summary: 'only so many' }, OUTPUT_OPTION],
  examples: ['versions list', 'versions list -n 10', 'versions list -o ndjson'],
  async run(invocation) {
    const { options, output, ports } = invocation
    const limit = options.count('limit')
    const { engine } = await invocation.open()
    const { history, readOnly } = await engine.overview()
    if (readOnly !== null) output.note({ text: `The history is read-only: ${readOnly}`, tone: 'careful' })
    const deployments = history.deployments.slice(0, limit)
    const document = output.format === 'ndjson' ? deployments : { ...history, deployments }
    await output.answer(document, () => renderHistory(history, ports.platform.clock.now(), limit))
    return EXIT.ok
  },
}
