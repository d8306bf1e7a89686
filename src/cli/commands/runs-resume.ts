import { createCliApprover } from '../approver.ts'
import type { Invocation } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { pickRun } from '../pick-run.ts'
import { renderRecovery } from '../render/recovery-lines.ts'

export async function runRunsResume(invocation: Invocation): Promise<number> {
  const { args, output, interruption } = invocation
  const { engine } = await invocation.open()
  const { id } = await pickRun(engine, args[0], 'open')
  const report = await engine.recovery(id, interruption.signal)
  output.note(...renderRecovery(report))
  return followRun(engine.resume(id, createCliApprover(invocation)), invocation, report.view.lastSeq)
}
