import { EXIT } from '../../errors/codes.ts'
import { createCliApprover } from '../approver.ts'
import type { Invocation } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { pickRun } from '../pick-run.ts'
import { renderRecovery } from '../render/recovery-lines.ts'
import { waitForHands } from '../wait-for-hands.ts'

export async function runRunsResume(invocation: Invocation): Promise<number> {
  const { args, output, options, interruption } = invocation
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'open')
  const report = await engine.recovery(id, interruption.signal)
  output.note(...renderRecovery(report))
  let seenSeq = report.view.lastSeq
  for (;;) {
    const exitCode = await followRun(engine.resume(id, createCliApprover(invocation)), invocation, seenSeq)
    if (exitCode !== EXIT.manualOutstanding || !options.isSet('wait')) return exitCode
    const { isDone, lastSeq } = await waitForHands(engine, id, invocation)
    if (!isDone) return interruption.exitCode() ?? exitCode
    seenSeq = lastSeq
  }
}
