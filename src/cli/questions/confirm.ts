import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'

/**
 * The one rule about asking. A command that writes outside the project (a registry, the traffic), that takes something over or
 * that loses something local asks first; `--yes` answers in advance, and without a terminal it is needed. A command that only
 * adds to the local history does not ask. The caller has printed what would happen.
 * @throws USAGE without a terminal and without --yes, ABORTED when the answer is not yes.
 */
export async function confirm(
  { ports, options, interruption }: Invocation,
  question: string,
  hint = 'Add --yes to go ahead without being asked.',
): Promise<void> {
  if (options.isSet('yes')) return
  if (!ports.stdin.isTerminal || !ports.stderr.isTerminal) {
    throw new BagboyError('USAGE', `There is no terminal to ask on: "${question}" Nothing was changed.`, {
      hint,
    })
  }
  ports.stderr.write(`${question} [y/N] `)
  const line = await ports.stdin.readLine(interruption.signal)
  if (/^y(es)?$/iu.test(line?.trim() ?? '')) return
  throw new BagboyError('ABORTED', 'Not confirmed: nothing was changed.')
}
