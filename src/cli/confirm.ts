import { BagboyError } from '../errors/bagboy-error.ts'
import type { Invocation } from './command.ts'

/**
 * Asks before something is written. `--yes` answers; without a terminal there is nobody to ask.
 * @throws USAGE without a terminal and without --yes, ABORTED when the answer is not yes.
 */
export async function confirm({ ports, options, interruption }: Invocation, question: string): Promise<void> {
  if (options.isSet('yes')) return
  if (!ports.stdin.isTerminal || !ports.stderr.isTerminal) {
    throw new BagboyError('USAGE', 'There is no terminal to ask on, so nothing was changed.', {
      hint: 'Add --yes to go ahead without being asked.',
    })
  }
  ports.stderr.write(`${question} [y/N] `)
  const line = await ports.stdin.readLine(interruption.signal)
  if (/^y(es)?$/iu.test(line?.trim() ?? '')) return
  throw new BagboyError('ABORTED', 'Not confirmed: nothing was changed.')
}
