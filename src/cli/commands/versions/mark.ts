import { holdOn } from '../../../domain/deployment.ts'
import { sameVersion } from '../../../domain/version.ts'
import type { MarkRequest } from '../../../engine/engine.ts'
import { EXIT } from '../../../errors/codes.ts'
import { requireReason } from '../../questions/require-reason.ts'
import type { Invocation } from '../../command.ts'

type Mark = MarkRequest['mark']

export async function runVersionsMark(mark: Mark, invocation: Invocation): Promise<number> {
  const { args, output, platform } = invocation
  const version = args[0] ?? ''
  const request = markRequest(mark, version, invocation)
  const { engine } = await invocation.open()
  const history = await engine.mark(request)
  const isPinned = history.deployments.some((entry) => sameVersion(entry.version, version) && entry.pinned)
  const hold = history.held.find((entry) => sameVersion(entry.version, version))
  const isHeld = hold !== undefined && holdOn(history, hold.version, platform.clock.now()) !== undefined
  const state = `${isPinned ? 'pinned' : 'not pinned'}, ${isHeld ? 'held' : 'not held'}`
  await output.answer({ version, pinned: isPinned, held: isHeld }, () => [`${version} is ${state}.`])
  return EXIT.ok
}

/** A hold needs a reason, because it refuses the releases of others. */
function markRequest(mark: Mark, version: string, invocation: Invocation): MarkRequest {
  if (mark === 'hold') {
    const isUnrecorded = invocation.options.isSet('unrecorded')
    return { mark, version, reason: requireReason(invocation), ...(isUnrecorded ? { isUnrecorded } : {}) }
  }
  return mark === 'unhold' ? { mark, version, reason: invocation.options.text('reason') } : { mark, version }
}
