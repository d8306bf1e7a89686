import type { Engine } from '../../engine/engine.ts'
import type { TakeoverMode } from '../../journal/journal.ts'
import type { Invocation, OptionSpec } from '../command.ts'
import { requireReason } from './require-reason.ts'

export const TAKEOVER_OPTION: OptionSpec = {
  flags: '--takeover',
  summary: 'resume one that you did not start on this machine; needs --reason',
}

/** @throws REASON_REQUIRED for a takeover without one */
export function takeoverMode({ options }: Pick<Invocation, 'options'>): TakeoverMode {
  if (!options.isSet('takeover')) return 'own-only'
  requireReason({ options })
  return 'takeover'
}

/** Names open runs and deploys that are not ours before ours starts. They are not touched. */
export async function noteForeign(engine: Engine, { output }: Pick<Invocation, 'output'>): Promise<void> {
  for (const { noun, id, why, claim, see } of await engine.foreignRuns()) {
    output.note(
      { text: `An open ${noun} is not yours and is skipped: ${id}, ${why}; ${claim}.`, tone: 'warning' },
      `  See it: ${see}`,
    )
  }
}
