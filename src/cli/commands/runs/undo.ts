import { createCliApprover } from '../../questions/approver.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { followRun } from '../../follow/follow-run.ts'
import { takeoverMode } from '../../questions/takeover.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { renderForeign } from '../../../view/run/origin-lines.ts'
import { renderRecovery } from '../../../view/run/recovery-lines.ts'

export async function runRunsUndo(invocation: Invocation): Promise<number> {
  const { args, options, output, interruption } = invocation
  const mode = takeoverMode(invocation)
  const { engine } = await invocation.open()
  const run = await pickRun(engine, args[0], 'any')
  output.note([{ text: 'Run: ', tone: 'dim' }, `${run.id}, ${run.kind} from ${run.from} to ${run.to}`])
  if (run.origin.kind === 'foreign') output.note(...renderForeign(await engine.readRun(run.id)))
  else if (run.isOpen) output.note(...renderRecovery(await engine.recovery(run.id, interruption.signal), 'undo'))
  await confirm(invocation, `Restore what this run found before it wrote (${run.from})?`)
  // An open run is undone in its own journal, a finished one by a new run.
  const afterSeq = run.isOpen ? (await engine.readRun(run.id)).view.lastSeq : 0
  return followRun(
    engine.undo(run.id, createCliApprover(invocation), options.text('reason'), mode),
    invocation,
    afterSeq,
  )
}
