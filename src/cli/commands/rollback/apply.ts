import type { RollbackPlan } from '../../../domain/plan.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { createCliApprover } from '../../questions/approver.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { noteForeign } from '../../questions/takeover.ts'
import { followRun } from '../../follow/follow-run.ts'
import { readPlanFile } from '../../requests/plan-file.ts'
import { planTitle } from '../../../view/run/plan-lines.ts'

export async function runApply(invocation: Invocation): Promise<number> {
  const { args, options, platform, projectOptions, output } = invocation
  const saved = await readPlanFile(platform, projectOptions.cwd, args[0] ?? '')
  const plan = options.isSet('reason') ? { ...saved, reason: options.text('reason') } : saved
  output.note([{ text: 'Plan: ', tone: 'dim' }, `${planTitle(plan)}, saved ${plan.created}`])
  noteRequest(plan, invocation)
  if (plan.overrides.length > 0 && plan.reason === '') {
    throw new BagboyError('USAGE', 'The plan overrides a check and gives no reason.', {
      hint: 'Add --reason TEXT.',
    })
  }
  const { engine } = await invocation.open()
  await noteForeign(engine, invocation)
  await confirm(invocation, `Run this plan, from ${plan.from} to ${plan.to}?`)
  return followRun(engine.run(plan, createCliApprover(invocation)), invocation)
}

/** Requires a reason for the overrides of a plan: the person who applies it is responsible for them. */
function noteRequest({ reason, incident, overrides }: RollbackPlan, { output }: Invocation): void {
  if (reason !== '') output.note([{ text: 'Reason: ', tone: 'dim' }, reason])
  if (incident !== '') output.note([{ text: 'Incident: ', tone: 'dim' }, incident])
  for (const code of overrides) output.note([{ text: 'Override: ', tone: 'dim' }, `the check ${code} does not stop it`])
}
