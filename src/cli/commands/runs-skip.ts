import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { pickRun } from '../pick-run.ts'
import { requireReason } from '../require-reason.ts'

export const runsSkipCommand: CommandSpec = {
  name: 'runs skip',
  args: [
    ['<RUN>', 'its id, or the beginning of it'],
    ['<STEP>', 'as `runs show` and `runs resume` name it'],
  ],
  summary: 'Leave one step of an open run out, so that resume can finish',
  options: [{ flags: '--reason <text>', summary: 'why; required' }, OUTPUT_OPTION],
  examples: ['runs skip 01JK8Q4Z npm:myapp@https://npm.example.com --reason "package was unpublished"'],
  async run(invocation) {
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
  },
}
