import { EXIT } from '../../errors/codes.ts'
import { OUTPUT_OPTION, type CommandSpec } from '../command.ts'
import { renderLock } from '../render/lock-lines.ts'

export const lockStatusCommand: CommandSpec = {
  name: 'lock status',
  args: [],
  summary: 'Who holds the lock of this environment, and since when',
  options: [OUTPUT_OPTION],
  examples: ['lock status', 'lock status -o json'],
  async run(invocation) {
    const { engine } = await invocation.open()
    const lock = await engine.lockInfo()
    await invocation.output.answer(lock, () => renderLock(lock))
    return EXIT.ok
  },
}
