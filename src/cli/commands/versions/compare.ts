import { compareDeployments } from '../../../domain/compare.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { findDeployment } from '../../requests/find-deployment.ts'
import { renderComparison } from '../../../view/history/compare-lines.ts'

export async function runVersionsCompare(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const { engine } = await invocation.open()
  const { history } = await engine.overview()
  const difference = compareDeployments(findDeployment(history, args[0] ?? ''), findDeployment(history, args[1] ?? ''))
  await output.answer(difference, () => renderComparison(difference))
  return EXIT.ok
}
