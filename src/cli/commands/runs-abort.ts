import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../command.ts'
import { confirm } from '../confirm.ts'
import { pickRun } from '../pick-run.ts'
import { requireReason } from '../require-reason.ts'

export const runsAbortCommand: CommandSpec = {
  name: 'runs abort',
  args: [['[RUN]', 'its id, or the beginning of it; default: the open one']],
  summary: 'End an open run as it stands and hand it over to a person',
  options: [{ flags: '--reason <text>', summary: 'why; required' }, YES_OPTION, OUTPUT_OPTION],
  examples: ['runs abort 01JK8Q4Z --reason "finished by hand" --yes'],
  async run(invocation) {
    const { args, output } = invocation
    const reason = requireReason(invocation)
    const { engine } = await invocation.open()
    const { id } = await pickRun(engine, args[0], 'open')
    await confirm(invocation, `End run ${id} as it stands? Nothing is undone.`)
    const closed = await engine.handOver(id, reason)
    await output.answer(closed, () => [
      { text: `Run ${id} is closed as it stands: ${closed.doneCount} of ${closed.stepCount} done.`, tone: 'careful' },
      `What is left where: bagboy-tui runs show ${id}`,
    ])
    return EXIT.ok
  },
}
