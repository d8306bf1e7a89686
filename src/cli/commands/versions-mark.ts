import { holdOn } from '../../domain/deployment.ts'
import { sameVersion } from '../../domain/version.ts'
import type { MarkRequest } from '../../engine/engine.ts'
import { EXIT } from '../../errors/codes.ts'
import { requireReason } from '../require-reason.ts'
import { OUTPUT_OPTION, type CommandSpec, type Invocation, type OptionSpec } from '../command.ts'

type Mark = MarkRequest['mark']

const REASON: OptionSpec = { flags: '--reason <text>', summary: 'why; a hold needs one' }

export const versionsPinCommand = markCommand('pin', 'Protect a version from pruning', [])
export const versionsUnpinCommand = markCommand('unpin', 'Give up that protection', [])
export const versionsHoldCommand = markCommand('hold', 'Refuse a version from being shipped again', [REASON])
export const versionsUnholdCommand = markCommand('unhold', 'Allow a held version again', [REASON])

function markCommand(mark: Mark, summary: string, options: readonly OptionSpec[]): CommandSpec {
  const example = `versions ${mark} v1.3.0`
  return {
    name: `versions ${mark}`,
    args: [['<VERSION>', 'v1.2.0']],
    summary,
    options: [...options, OUTPUT_OPTION],
    examples: [options.length === 0 ? example : `${example} --reason "5xx after deploy"`],
    run: (invocation) => markVersion(mark, invocation),
  }
}

async function markVersion(mark: Mark, invocation: Invocation): Promise<number> {
  const { args, output, ports } = invocation
  const version = args[0] ?? ''
  const request = markRequest(mark, version, invocation)
  const { engine } = await invocation.open()
  const history = await engine.mark(request)
  const isPinned = history.deployments.some((entry) => sameVersion(entry.version, version) && entry.pinned)
  const hold = history.held.find((entry) => sameVersion(entry.version, version))
  const isHeld = hold !== undefined && holdOn(history, hold.version, ports.platform.clock.now()) !== undefined
  const state = `${isPinned ? 'pinned' : 'not pinned'}, ${isHeld ? 'held' : 'not held'}`
  await output.answer({ version, pinned: isPinned, held: isHeld }, () => [`${version} is ${state}.`])
  return EXIT.ok
}

/** A hold refuses other people's releases: it always says why. */
function markRequest(mark: Mark, version: string, invocation: Invocation): MarkRequest {
  if (mark === 'hold') return { mark, version, reason: requireReason(invocation) }
  return mark === 'unhold' ? { mark, version, reason: invocation.options.text('reason') } : { mark, version }
}
