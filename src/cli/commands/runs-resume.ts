import { createCliApprover } from '../approver.ts'
import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { pickRun } from '../pick-run.ts'
import { renderRecovery } from '../render/recovery-lines.ts'

export const runsResumeCommand: CommandSpec = {
  name: 'runs resume',
  args: [['[RUN]', 'its id, or the beginning of it; default: the open one']],
  summary: 'Go on with what an open run has left, in the direction it had decided',
  options: [YES_OPTION, OUTPUT_OPTION],
  examples: ['runs resume', 'runs resume 01JK8Q4Z -o json'],
  async run(invocation) {
    const { args, output, interruption } = invocation
    const { engine } = await invocation.open()
    const { id } = await pickRun(engine, args[0], 'open')
    output.note(...renderRecovery(await engine.recovery(id, interruption.signal)))
    return followRun(engine.resume(id, createCliApprover(invocation)), invocation)
  },
}
