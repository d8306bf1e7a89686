import { sameSplit, SLOTS, splitText, type TrafficSplit } from '../../../domain/traffic/traffic.ts'
import type { TrafficSnapshot } from '../../../traffic/provider.ts'
import type { DeployContext } from '../deploy-context.ts'

/** Says what the provider says, when that differs from the last time. Counted requests alone are no difference. */
export async function observe({ recorder }: DeployContext, snapshot: TrafficSnapshot): Promise<void> {
  const { split, requests, states, warnings } = snapshot
  const last = recorder.view.traffic
  const isSame =
    last !== null &&
    sameSplit(last.split, split) &&
    SLOTS.every((slot) => last.states?.[slot] === states[slot]) &&
    last.warnings.join('\n') === warnings.join('\n')
  if (!isSame) await recorder.emit({ type: 'traffic.observed', split, requests, states, warnings })
}

/** A change from outside is never overwritten without asking. */
export async function askAboutChange({ recorder }: DeployContext, found: TrafficSplit): Promise<void> {
  const { expected } = recorder.view
  await recorder.emit({ type: 'traffic.changed', expected, found })
  await recorder.emit({
    type: 'deploy.asked',
    question: {
      kind: 'changed',
      detail: `the traffic was changed from outside: expected ${splitText(expected)}, found ${splitText(found)}`,
      choices: ['take-theirs', 'put-ours-back', 'abort'],
      error: null,
    },
  })
}
