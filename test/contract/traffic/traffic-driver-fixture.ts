import { sameSplit, allTo, SLOTS, type Slot } from '../../../src/domain/traffic/traffic.ts'
import type { Version } from '../../../src/domain/version.ts'
import { trafficDriver, trafficPackage } from '../../../src/planner/traffic-driver.ts'
import type { RecordedRequest } from '../../support/servers/fault-proxy.ts'
import { until } from '../../support/clocks/until.ts'
import type { DriverFixture } from '../registries/driver-fixture.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

const ANSWERED = { method: 'PUT', applied: true, status: 200 }

/** A balancer as the registry it is for the engine: 1.3.0 is blue and has everything, 1.2.0 is green. */
export function asDriverFixture(fixture: TrafficFixture): DriverFixture {
  const { provider, options, platform, root, secrets, world } = fixture
  const traffic = { provider, options: provider.options.parse(options) }
  const signal = new AbortController().signal
  const context = { platform, root, options: traffic.options, signal, timeoutMs: 10_000 }
  const slots: Readonly<Record<Slot, Version>> = { blue: 'v1.3.0' as Version, green: 'v1.2.0' as Version }
  const forgotten = { heard: 0, writes: 0 }
  return {
    driver: trafficDriver(traffic),
    package: trafficPackage(traffic, 'myapp'),
    options: {},
    versions: {
      old: { version: slots.green, pin: { slot: 'green' } },
      bad: { version: slots.blue, pin: { slot: 'blue' } },
    },
    platform,
    root,
    cacheFolder: root,
    secrets,
    proxy: {
      get requests(): readonly RecordedRequest[] {
        const writes = world.writes().slice(forgotten.writes)
        const reads = Math.max(0, world.heardCount() - forgotten.heard - writes.length)
        return [
          ...Array.from({ length: reads }, () => ({ ...ANSWERED, method: 'GET', path: '/' })),
          ...writes.map((path) => ({ ...ANSWERED, path })),
        ]
      },
      forget() {
        forgotten.heard = world.heardCount()
        forgotten.writes = world.writes().length
      },
      inject: () => {
        throw new Error('what is behind it is broken through its own world')
      },
      heal: () => void world.heal(),
      goDown: () => world.goDown(),
    },
    write: {},
    limits: { comparesAndSwaps: true, tellsRetryAfter: false },
    lostTarget: 'closed',
    settle: () => until('the balancer to settle', async () => (await provider.read(context)).isApplied),
    world: {
      async servedVersion() {
        const { blue, green } = await world.served(50)
        const slot = SLOTS.find((each) => sameSplit({ blue: 2 * blue, green: 2 * green }, allTo(each)))
        return slot === undefined ? null : slots[slot].slice(1)
      },
      moveElsewhere: () => world.changeByHand(),
      breakTarget: () => world.takeOut('green'),
      revokeAccess: async () => void (await world.deny()),
      swallowWrites: () => world.swallowWrites(),
    },
    close: () => fixture.close(),
  }
}
