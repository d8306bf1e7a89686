import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'

/** @throws REASON_REQUIRED */
export function requireReason({ options }: Pick<Invocation, 'options'>): string {
  const reason = options.text('reason').trim()
  if (reason !== '') return reason
  throw new BagboyError('REASON_REQUIRED', 'This needs a reason: it stays in the journal.', {
    hint: 'Add --reason TEXT.',
  })
}
