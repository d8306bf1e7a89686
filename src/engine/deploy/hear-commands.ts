import type { DeployCommand } from '../../domain/deploy-plan.ts'
import { refuseCommand, refuseElsewhere } from '../../events/apply-command.ts'
import type { GivenCommand } from '../../journal/command-box.ts'
import type { DeployContext } from './deploy-context.ts'

/** Answers what somebody told the deploy since the last time. @returns what was obeyed */
export async function hearCommands(context: DeployContext): Promise<readonly DeployCommand[]> {
  const { recorder, parts } = context
  const obeyed: DeployCommand[] = []
  for (const given of await parts.deploys.commands.read(recorder.view.id)) {
    if (recorder.view.commands.includes(given.id)) continue
    if (await answerCommand(context, given)) obeyed.push(given.command)
  }
  return obeyed
}

/** The answer stands in the journal, with the reason when nothing comes of it. @returns whether it is obeyed */
export async function answerCommand({ recorder }: DeployContext, { place, ...given }: GivenCommand): Promise<boolean> {
  const { view } = recorder
  const refusal = refuseElsewhere(view, given.command, place) || refuseCommand(view, given.command)
  await recorder.emit({ type: 'deploy.commanded', ...given, refusal })
  return refusal === ''
}
