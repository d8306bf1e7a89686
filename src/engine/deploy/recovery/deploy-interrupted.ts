import { splitText } from '../../../domain/traffic/traffic.ts'
import { interruption } from '../../../operation/interruption.ts'
import type { DeployView } from '../../../events/deploy-view.ts'

/** What ended the work on a deploy that stays open, with where the traffic stood last. Pure. */
export function deployInterrupted({ id, plan, expected, owed }: DeployView, error: unknown): unknown {
  const what = plan.version === '' ? plan.slot : plan.version
  return interruption(error, {
    what: `Deploy ${id} of ${what} was cut off`,
    facts: [
      `The traffic was last read back at ${splitText(expected)}.`,
      owed ? `A change to ${splitText(owed.to)} was begun and may be in effect.` : '',
    ],
    goOn: 'bagboy-tui traffic resume',
    details: { deploy: id },
  })
}
