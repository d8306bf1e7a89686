import type { TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import type { Fence } from '../../../src/platform/platform.ts'
import { moveTraffic, type MoveOutcome } from '../../../src/traffic/move-traffic.ts'
import type { TrafficContext, TrafficSnapshot } from '../../../src/traffic/provider.ts'
import { until } from '../../support/clocks/until.ts'
import type { TrafficFixture, TrafficLimits } from './traffic-fixture.ts'

export interface TrafficSettings {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  readonly fence?: Fence
  /** Instead of the fixture's own. */
  readonly options?: Readonly<Record<string, unknown>>
  /** How long a move may take to be proved. Default 10 s. */
  readonly proveWithinMs?: number
}

/** A provider driven as the program drives it. */
export interface TrafficSession {
  read(settings?: TrafficSettings): Promise<TrafficSnapshot>
  write(split: TrafficSplit, ifMatch: string | null, settings?: TrafficSettings): Promise<void>
  move(split: TrafficSplit, ifMatch?: string | null, settings?: TrafficSettings): Promise<MoveOutcome>
  /** Reads until the provider does what is written down. */
  settle(): Promise<TrafficSnapshot>
  /** Reads what somebody else has just changed. */
  readByHand(before: TrafficSnapshot): Promise<TrafficSnapshot>
}

export function openTrafficSession(fixture: TrafficFixture, limits: TrafficLimits): TrafficSession {
  const { provider, platform, root } = fixture
  const context = (settings: TrafficSettings = {}): TrafficContext<unknown> => ({
    platform,
    root,
    options: provider.options.parse({ ...fixture.options, ...settings.options }),
    signal: settings.signal ?? new AbortController().signal,
    timeoutMs: settings.timeoutMs ?? 10_000,
    fence: settings.fence,
  })
  const session: TrafficSession = {
    read: (settings) => provider.read(context(settings)),
    write: (split, ifMatch, settings) => provider.write(split, ifMatch, context(settings)),
    move: (split, ifMatch = null, settings = {}) =>
      moveTraffic(provider, { split, ifMatch, proveWithinMs: settings.proveWithinMs ?? 10_000 }, context(settings)),
    async settle() {
      await until('the balancer to settle', async () => (await session.read()).isApplied)
      return session.read()
    },
    async readByHand({ revision }) {
      await until('the change', async () => (await session.read()).revision !== revision)
      return limits.provesOthers ? session.settle() : session.read()
    },
  }
  return session
}
