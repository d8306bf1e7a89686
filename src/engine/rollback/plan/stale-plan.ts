import { BagboyError } from '../../../errors/bagboy-error.ts'

/** A plan of this process is made again by the same command, one of a file by a new file. */
export function stale(why: string, from: 'this-process' | 'file' = 'file'): BagboyError {
  return new BagboyError('PLAN_STALE', `The plan is stale, nothing was changed: ${why}.`, {
    hint:
      from === 'file'
        ? 'Make a new plan and look at it again: bagboy-tui rollback --plan-out FILE'
        : 'Give the same command again: it makes a new plan.',
  })
}
