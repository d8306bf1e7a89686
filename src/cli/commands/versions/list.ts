import type { FileHistory } from '../../../domain/deployment.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { renderFileHistory, renderHistory } from '../../../view/history/history-lines.ts'

export async function runVersionsList(invocation: Invocation): Promise<number> {
  const { options, output, platform } = invocation
  const limit = options.count('limit')
  const { engine } = await invocation.open()
  if (options.isSet('allEnvironments')) return listAll(await engine.fileHistory(), limit, invocation)
  const { history, readOnly } = await engine.overview()
  if (readOnly !== null) output.note({ text: `The history is read-only: ${readOnly}`, tone: 'warning' })
  const deployments = history.deployments.slice(0, limit)
  const document = output.format === 'ndjson' ? deployments : { ...history, deployments }
  await output.answer(document, () => renderHistory(history, platform.clock.now(), limit))
  return EXIT.ok
}

async function listAll(file: FileHistory, limit: number | undefined, invocation: Invocation): Promise<number> {
  const { output, platform } = invocation
  const deployments = file.deployments.slice(0, limit)
  const document = output.format === 'ndjson' ? deployments : { ...file, deployments }
  await output.answer(document, () => renderFileHistory(file, platform.clock.now(), limit))
  return EXIT.ok
}
