import { createCliApprover } from '../approver.ts'
import type { Invocation } from '../command.ts'
import { confirm } from '../confirm.ts'
import { noteForeign } from '../takeover.ts'
import { followRun } from '../follow-run.ts'
import { readPlanFile } from '../plan-file.ts'
import { planTitle } from '../render/plan-lines.ts'

export async function runApply(invocation: Invocation): Promise<number> {
  const { args, platform, place, output } = invocation
  const plan = await readPlanFile(platform, place.cwd, args[0] ?? '')
  output.note([{ text: 'Plan: ', tone: 'dim' }, `${planTitle(plan)}, saved ${plan.created}`])
  const { engine } = await invocation.open()
  await noteForeign(engine, invocation)
  await confirm(invocation, `Run this plan, from ${plan.from} to ${plan.to}?`)
  return followRun(engine.run(plan, createCliApprover(invocation)), invocation)
}
