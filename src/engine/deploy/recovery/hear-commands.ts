import type { DeployCommand } from '../../../domain/traffic/deploy-plan.ts'
import { refuseCommand, refuseElsewhere } from '../../../events/apply-command.ts'
import type { GivenCommand } from '../../../journal/command-box.ts'
import { originText, type RunOrigin } from '../../../journal/run-origin.ts'
import type { DeployContext } from '../deploy-context.ts'

/** Answers the commands that arrived since the last time. @returns what was carried out */
export async function hearCommands(context: DeployContext): Promise<readonly DeployCommand[]> {
  const { recorder, parts } = context
  const obeyed: DeployCommand[] = []
  for (const given of await parts.deploys.commands.read(recorder.view.id)) {
    if (recorder.view.commands.includes(given.id)) continue
    const { origin, ...command } = given
    if (await answerCommand(context, command, refuseForeign(origin))) obeyed.push(given.command)
  }
  return obeyed
}

/** The answer stands in the journal, with the reason when nothing comes of it. @returns whether it is obeyed */
export async function answerCommand(
  { recorder }: DeployContext,
  { place, ...given }: GivenCommand,
  foreign = '',
): Promise<boolean> {
  const { view } = recorder
  const refusal = foreign || refuseElsewhere(view, given.command, place) || refuseCommand(view, given.command)
  await recorder.emit({ type: 'deploy.commanded', ...given, refusal })
  return refusal === ''
}

/** Any user may be able to put a file there: only a command that is signed with a trusted key counts. */
function refuseForeign(origin: RunOrigin): string {
  return origin.kind === 'foreign' ? `it is not from this user or a trusted key: ${originText(origin)}` : ''
}
