import { BagboyError } from '../../errors/bagboy-error.ts'
import type { CommandSpec } from '../command.ts'

export const demoCommand: CommandSpec = {
  name: 'demo',
  args: [],
  summary: 'Try an incident in a sandbox: real tap and bucket, local registries, a bad release',
  options: [],
  examples: ['demo'],
  run({ ports, place, interruption }) {
    if (!ports.stdin.isTerminal || !ports.stdout.isTerminal) {
      throw new BagboyError('NO_TERMINAL', 'The demo is a full-screen app and needs a terminal.')
    }
    interruption.stop()
    return ports.launchApp({ place, rollback: null, isDemo: true })
  },
}
