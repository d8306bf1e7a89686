import { EXIT } from '../../../errors/codes.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { pickRun } from '../../requests/pick-run.ts'
import { takeoverMode } from '../../questions/takeover.ts'
import { requireReason } from '../../questions/require-reason.ts'

export async function runRunsAbort(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const reason = requireReason(invocation)
  const mode = takeoverMode(invocation)
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'open')
  await confirm(invocation, `End run ${id} as it stands? Nothing is undone.`)
  const closed = await engine.handOver(id, reason, mode)
  await output.answer(closed, () => [
    { text: `Run ${id} is closed as it stands: ${closed.doneCount} of ${closed.stepCount} done.`, tone: 'warning' },
    `What is left: bagboy-tui runs show ${id}`,
  ])
  return EXIT.ok
}
