import { EXIT } from '../../errors/codes.ts'
import type { Invocation } from '../command.ts'
import { pickRun } from '../pick-run.ts'
import { requireReason } from '../require-reason.ts'

export async function runRunsSkip(invocation: Invocation): Promise<number> {
  const { args, output } = invocation
  const reason = requireReason(invocation)
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'open')
  const step = args[1] ?? ''
  await engine.skipStep(id, step, reason)
  await output.answer({ run: id, step, skipped: true, reason }, () => [
    `${step} is left out. Go on with: bagboy-tui runs resume ${id}`,
  ])
  return EXIT.ok
}
