import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { DeployContext } from '../deploy-context.ts'
import { askAboutChange, observe } from './observe.ts'
import { trafficContext } from './traffic-access.ts'
import { askAboutProvider, untilAnswered, type MoveResult } from './until-answered.ts'

/** Between two reads of a balancer that has not applied its configuration yet, ms. */
const LOOK_MS = 500

/**
 * Whether the slot has all of the traffic, by reading it now: a remembered state promotes nothing. If not, a person is
 * asked.
 */
export async function hasAllTraffic(context: DeployContext): Promise<boolean> {
  const look = await untilAnswered(context, () => lookOnce(context))
  if (look.status === 'refused') await askAboutProvider(context, look.error)
  return look.status === 'moved'
}

async function lookOnce(context: DeployContext): Promise<MoveResult> {
  const { parts, traffic, recorder, signal } = context
  const { clock } = parts.platform
  const endMs = clock.elapsedMs() + parts.config.rollback.timeoutMs
  for (;;) {
    const snapshot = await traffic.provider.read(trafficContext(parts, traffic, signal))
    await observe(context, snapshot)
    if (snapshot.isApplied) {
      if (snapshot.split[recorder.view.plan.slot] === 100) return { status: 'moved' }
      await askAboutChange(context, snapshot.split)
      return { status: 'asked' }
    }
    if (clock.elapsedMs() >= endMs) throw notSettled(traffic.provider.title)
    await clock.sleep(LOOK_MS, signal)
  }
}

function notSettled(title: string): BagboyError {
  return new BagboyError('READBACK_DISAGREES', `${title} does not do yet what is written down.`, {
    hint: 'Look at the log of the balancer.',
  })
}
