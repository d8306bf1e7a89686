import type { RestorePlan } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import type { Line } from '../../../view/text.ts'

/** Restores archived entries. It does not ask, because it only adds to the local history. */
export async function runVersionsRestore({ args, options, output, open }: Invocation): Promise<number> {
  const word = args[0] ?? ''
  const { engine } = await open()
  const isDryRun = options.isSet('dryRun')
  const plan = isDryRun ? await engine.planRestore(word) : await engine.restore(word)
  await output.answer({ ...plan, isDryRun }, () => renderRestore(plan, isDryRun))
  return EXIT.ok
}

function renderRestore({ deployments, files, damaged }: RestorePlan, isDryRun: boolean): readonly Line[] {
  const verb = isDryRun ? 'would be restored' : 'is in the history again'
  return [
    ...deployments.map(({ id, version, timestamp }): Line => `@${id} ${version}, deployed ${timestamp}: ${verb}`),
    { text: `From ${files.join(', ')}, which stays as it is.`, tone: 'dim' },
    ...damaged.map((text): Line => ({ text: `Cannot be read: ${text}`, tone: 'warning' })),
  ]
}
