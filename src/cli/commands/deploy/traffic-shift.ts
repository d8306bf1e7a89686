import { sanitize } from '../../../domain/text/sanitize.ts'
import { sameSplit, SLOTS, splitText, type Slot } from '../../../domain/traffic/traffic.ts'
import { plannedSplit } from '../../../domain/traffic/planned-split.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import { EXIT } from '../../../errors/codes.ts'
import { requireTrusted } from '../../../trust/require-trusted.ts'
import type { Invocation } from '../../command.ts'
import { confirm } from '../../questions/confirm.ts'
import { followDeploy } from '../../follow/follow-deploy.ts'
import { renderDeployPlan } from '../../../view/deploy/deploy-lines.ts'

export async function runTrafficShift(invocation: Invocation): Promise<number> {
  const { args, options } = invocation
  const slot = SLOTS.find((each) => each === options.text('slot')) ?? null
  return move(invocation, slot, parsePercent(args[0] ?? ''))
}

export async function runTrafficSwitch(invocation: Invocation): Promise<number> {
  return move(invocation, null, 100)
}

async function move(invocation: Invocation, slot: Slot | null, percent: number): Promise<number> {
  const { options, output, interruption } = invocation
  const { engine } = await invocation.open()
  if (!options.isSet('dryRun')) requireTrusted(await engine.trust(), 'The shift of traffic')
  const plan = await engine.planShift({ slot, percent, reason: options.text('reason') }, interruption.signal)
  const split = plannedSplit(plan)
  if (options.isSet('dryRun')) {
    await output.answer(plan, () => renderDeployPlan(plan))
    output.note({ text: 'Dry run: nothing was written.', tone: 'dim' })
    return EXIT.ok
  }
  if (sameSplit(split, plan.before)) {
    await output.answer({ result: 'nothing-to-do', split, exitCode: EXIT.ok }, () => [
      `The traffic stands at ${splitText(split)} already.`,
    ])
    return EXIT.ok
  }
  output.note(...renderDeployPlan(plan), '')
  await confirm(invocation, `Move the traffic from ${splitText(plan.before)} to ${splitText(split)}?`)
  return followDeploy(engine.deploy(plan), invocation)
}

/** @throws USAGE */
function parsePercent(text: string): number {
  const percent = /^\d{1,3}%?$/u.test(text) ? Number.parseInt(text, 10) : Number.NaN
  if (percent <= 100) return percent
  throw new BagboyError('USAGE', `A share is whole percent from 0 to 100, not "${sanitize(text, 80)}".`)
}
