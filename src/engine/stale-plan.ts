import { BagboyError } from '../errors/bagboy-error.ts'

export function stale(why: string): BagboyError {
  return new BagboyError('PLAN_STALE', `The plan is stale, nothing was changed: ${why}.`, {
    hint: 'Make a new plan and look at it again: bagboy-tui rollback --dry-run',
  })
}
