import type { TrafficSnapshot } from '../../../traffic/provider.ts'
import type { TrafficContext } from '../../../traffic/provider.ts'
import { BagboyError } from '../../../errors/bagboy-error.ts'
import type { BoundTraffic } from '../../../planner/bind-traffic.ts'
import type { Fence } from '../../../platform/platform.ts'
import type { EngineParts } from '../../engine-parts.ts'

/** @throws TRAFFIC_NOT_CONFIGURED when the project has no switch between slots */
export function requireTraffic({ boundTraffic, config }: Pick<EngineParts, 'boundTraffic' | 'config'>): BoundTraffic {
  if (boundTraffic) return boundTraffic
  throw new BagboyError('TRAFFIC_NOT_CONFIGURED', `${config.file} names no balancer, so there is no traffic to move.`, {
    hint: 'Say what divides it: deployment.blue_green.traffic; docs/traffic.md has an example for each.',
  })
}

export function trafficContext(
  { platform, config }: Pick<EngineParts, 'platform' | 'config'>,
  { options }: BoundTraffic,
  signal: AbortSignal,
  fence?: Fence,
): TrafficContext<unknown> {
  return { platform, options, signal, timeoutMs: config.rollback.requestTimeoutMs, root: config.root, fence }
}

/** What the provider says, for something that will write. @throws REGISTRY_*, and REGISTRY_FORBIDDEN when it may not */
export async function readWritable(
  parts: Pick<EngineParts, 'platform' | 'config'>,
  bound: BoundTraffic,
  signal: AbortSignal,
): Promise<TrafficSnapshot> {
  const snapshot = await bound.provider.read(trafficContext(parts, bound, signal))
  if (snapshot.access !== 'denied') return snapshot
  throw new BagboyError('REGISTRY_FORBIDDEN', `${bound.provider.title} can be read and not changed from here.`, {
    hint: snapshot.warnings[0] ?? 'Give this user the right to change it; docs/traffic.md says which.',
  })
}
