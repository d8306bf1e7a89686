import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { takeoverMode } from '../../questions/takeover.ts'
import { requireReason } from '../../questions/require-reason.ts'

/** What an operator decides about one step of an open run. */
export async function runRunsDecide(decision: 'skip' | 'overwrite', invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const reason = requireReason(invocation)
  const mode = takeoverMode(invocation)
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'open')
  const step = args[1] ?? ''
  if (decision === 'skip') await engine.skipStep(id, step, reason, mode)
  else await engine.overwriteStep(id, step, reason, mode)
  const said = decision === 'skip' ? 'is skipped' : 'may be written over as it is now'
  await output.answer({ run: id, step, decision, reason }, () => [
    `${step} ${said}. Go on with: bagboy-tui runs resume ${id}`,
  ])
  return EXIT.ok
}
