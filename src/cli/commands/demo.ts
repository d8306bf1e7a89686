import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'

export function runDemo({ ports, launch }: Invocation): Promise<number> {
  if (!ports.stdin.isTerminal || !ports.stdout.isTerminal) {
    throw new BagboyError('NO_TERMINAL', 'The demo is a full-screen app and needs a terminal.')
  }
  return launch({ rollback: null, isDemo: true })
}
