import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { Invocation } from '../../command.ts'
import { canOpenScreen } from '../../can-open-screen.ts'

export function runDemo({ options, ports, launch }: Invocation): Promise<number> {
  if (!canOpenScreen(ports)) {
    throw new BagboyError('NO_TERMINAL', 'The demo is a full-screen app and needs a terminal.')
  }
  const scenario = options.isSet('scenario') ? { scenario: options.text('scenario') } : {}
  return launch({ rollback: null, isDemo: true, ...scenario })
}
