import { createCliApprover } from '../approver.ts'
import { OUTPUT_OPTION, YES_OPTION, type CommandSpec } from '../command.ts'
import { followRun } from '../follow-run.ts'
import { readPlanFile } from '../plan-file.ts'
import { planTitle } from '../render/plan-lines.ts'

export const applyCommand: CommandSpec = {
  name: 'apply',
  args: [['<PLAN>', 'a file that --plan-out wrote']],
  summary: 'Run a saved plan; refuses when a registry moved since',
  options: [YES_OPTION, OUTPUT_OPTION],
  examples: ['apply plan.json', 'apply plan.json -o ndjson'],
  async run(invocation) {
    const { args, ports, place, output } = invocation
    const plan = await readPlanFile(ports.platform, place.cwd, args[0] ?? '')
    output.note([{ text: 'Plan: ', tone: 'dim' }, `${planTitle(plan)}, saved ${plan.created}`])
    const { engine } = await invocation.open()
    return followRun(engine.run(plan, createCliApprover(invocation)), invocation)
  },
}
