import { sanitize } from '../../../domain/text/sanitize.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'

/** What a saved plan or a journal says is not what would be planned of it here. */
export function changedPlan(where: string, why: string): BagboyError {
  return new BagboyError(
    'PLAN_CHANGED',
    `The plan is not the one that is made here, nothing was changed: ${sanitize(where, 300)} ${why}.`,
    {
      hint: 'The file was edited, or another version of this program made it. Make a new plan: bagboy-tui rollback --plan-out FILE',
      details: { path: where },
    },
  )
}
