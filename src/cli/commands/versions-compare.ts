import { compareDeployments } from '../../domain/compare.ts'
import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { findDeployment } from '../find-deployment.ts'
import { renderComparison } from '../render/compare-lines.ts'

export const versionsCompareCommand: CommandSpec = {
  name: 'versions compare',
  args: [
    ['<A>', 'v1.2.0 or @12 (history id)'],
    ['<B>', 'the same'],
  ],
  summary: 'Two versions side by side',
  options: [OUTPUT_OPTION],
  examples: ['versions compare v1.2.0 v1.3.0', 'versions compare @3 @7 -o json'],
  async run(invocation) {
    const { args, output } = invocation
    const { engine } = await invocation.open()
    const { history } = await engine.overview()
    const difference = compareDeployments(
      findDeployment(history, args[0] ?? ''),
      findDeployment(history, args[1] ?? ''),
    )
    await output.answer(difference, () => renderComparison(difference))
    return EXIT.ok
  },
}
