import { createCliApprover } from '../approver.ts'
import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../command.ts'
import { confirm } from '../confirm.ts'
import { followRun } from '../follow-run.ts'
import { pickRun } from '../pick-run.ts'

export const runsUndoCommand: CommandSpec = {
  name: 'runs undo',
  args: [['[RUN]', 'its id, or the beginning of it; default: the open one, else the newest']],
  summary: 'Restore what a run found before it wrote',
  options: [{ flags: '--reason <text>', summary: 'why, for the history' }, YES_OPTION, OUTPUT_OPTION],
  examples: ['runs undo 01JK8Q4Z --reason "it was not the deploy"', 'runs undo --yes -o json'],
  async run(invocation) {
    const { args, options, output } = invocation
    const { engine } = await invocation.open()
    const run = await pickRun(engine, args[0], 'any')
    output.note([{ text: 'Run: ', tone: 'dim' }, `${run.id}, ${run.kind} from ${run.from} to ${run.to}`])
    await confirm(invocation, `Restore what this run found before it wrote (${run.from})?`)
    return followRun(engine.undo(run.id, createCliApprover(invocation), options.text('reason')), invocation)
  },
}
