import { BagboyError } from '../../errors/bagboy-error.ts'
import type { Invocation } from '../command.ts'
import { canOpenScreen } from '../parse-arguments.ts'

export function runDemo({ ports, launch }: Invocation): Promise<number> {
  if (!canOpenScreen(ports)) {
    throw new BagboyError('NO_TERMINAL', 'The demo is a full-screen app and needs a terminal.')
  }
  return launch({ rollback: null, isDemo: true })
}
