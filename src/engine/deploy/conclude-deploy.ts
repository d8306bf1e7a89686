import { durationText } from '../../domain/text/duration.ts'
import { otherSlot, splitText } from '../../domain/traffic/traffic.ts'
import { EXIT, type ExitCode } from '../../errors/codes.ts'
import type { DeployResult } from '../../events/deploy-events.ts'
import { failpoint } from '../../platform/failpoint.ts'
import type { DeployContext } from './deploy-context.ts'
import { failureEdits } from './deploy-history.ts'
import { hasAllTraffic } from './traffic/has-all-traffic.ts'
import { commitDeploy, factsOf } from './record-promotion.ts'
import type { DeployView } from '../../events/deploy-view.ts'

const EXIT_CODES = {
  promoted: EXIT.ok,
  shifted: EXIT.ok,
  reverted: EXIT.unhealthy,
  refused: EXIT.refused,
  aborted: EXIT.aborted,
  left: EXIT.aborted,
} as const satisfies Record<DeployResult, ExitCode>

/**
 * Records how a deploy ended: the history, how long the other slot can be gone back to, the last record. A version
 * without all of the traffic is not promoted; then a person is asked.
 */
export async function conclude(context: DeployContext, result: DeployResult): Promise<void> {
  const { recorder, parts } = context
  const { plan } = recorder.view
  if (result === 'promoted' && !(await hasAllTraffic(context))) return
  if (result !== 'promoted' && result !== 'shifted') {
    await commitDeploy(context, `deploy ${plan.version} ${result}`, ({ history }) =>
      failureEdits(history, factsOf(context)),
    )
  }
  const keeps = result === 'promoted' && plan.keepPreviousMs > 0 && recorder.view.kept === null
  if (keeps && plan.from !== '') {
    const until = new Date(Date.parse(parts.platform.clock.now()) + plan.keepPreviousMs).toISOString()
    await recorder.emit({ type: 'slot.kept', slot: otherSlot(plan.slot), version: plan.from, until })
  }
  failpoint('deploy:finishing')
  await recorder.emit({
    type: 'deploy.finished',
    result,
    exitCode: EXIT_CODES[result],
    summary: summarize(recorder.view, result),
  })
}

/** One line for people; the shares come from the read-backs. Pure. */
export function summarize(view: DeployView, result: DeployResult): string {
  const { plan, decision, expected } = view
  const { version, slot } = plan
  const what = version === '' ? slot : version
  const stands = splitText(expected)
  switch (result) {
    case 'promoted':
      return `${version} has all of the traffic on ${slot}, ${healthText(view)}`
    case 'shifted':
      return `the traffic stands at ${stands}`
    case 'reverted':
      return `${what} was bad and is left: ${decision?.reason ?? ''}. All of the traffic is back: ${stands}`
    case 'refused':
      return `${what} got no traffic: ${decision?.reason ?? ''}. It stands at ${stands}`
    case 'aborted':
      return `ended: ${decision?.reason ?? ''}. The traffic stands at ${stands}`
    case 'left':
      return `ended with the traffic as it was found: ${splitText(view.traffic?.split ?? expected)}`
  }
}

function healthText({ stages }: DeployView): string {
  const watched = stages.find(({ stage, status }) => stage.kind === 'watch' && status === 'passed')
  const isProved = watched?.stage.kind === 'watch' && watched.detail === 'healthy'
  return isProved && watched.stage.kind === 'watch'
    ? `healthy for ${durationText(watched.stage.ms)}`
    : 'its health was not proved'
}
