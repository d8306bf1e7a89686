import { SLOTS, perSlot, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { caddy } from '../../../src/traffic/caddy/provider.ts'
import { startFakeCaddyAdmin } from '../../support/servers/fake/caddy-admin.ts'
import { startFaultProxy, writesIn, type FaultProxy } from '../../support/servers/fault-proxy.ts'
import { freePort } from '../../support/servers/free-port.ts'
import { startCaddy } from '../../support/servers/real/caddy.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

const SPLITS = [
  { blue: 90, green: 10 },
  { blue: 50, green: 50 },
  { blue: 0, green: 100 },
  { blue: 30, green: 70 },
]
const LOGIN = 'operator:loopback-only'

/** A real Caddy behind a proxy for its admin API. */
export async function createCaddyFixture(): Promise<TrafficFixture> {
  const services = await startSlotServices()
  const proxyPort = await freePort()
  const server = await startCaddy({ hosts: services.hosts, origins: [`127.0.0.1:${proxyPort}`] })
  const proxy = await startFaultProxy({ upstream: server.admin, port: proxyPort })
  const { blue, green } = services.hosts
  return {
    ...commonParts(proxy, services.hosts),
    world: {
      ...faultsOf(proxy),
      served: (count) => countAnswers(server.url, count),
      async changeByHand() {
        const upstreams = [...Array<string>(3).fill(blue), ...Array<string>(7).fill(green)].map((dial) => ({ dial }))
        await patch(`${server.admin}/id/app/upstreams`, upstreams)
      },
      async breakConfig() {
        server.breakLoading()
        return {}
      },
      // Caddy answers under the names it was given only.
      deny: async () => ({ admin: server.admin.replace('127.0.0.1', 'localhost') }),
      async heal() {
        proxy.heal()
        server.repairLoading()
      },
    },
    async close() {
      await proxy.close()
      await server.close()
      await services.close()
    },
  }
}

/** A stand-in for a Caddy with weights; it serves what its own configuration says. */
export async function createWeightedCaddyFixture(): Promise<TrafficFixture> {
  const hosts = { blue: '127.0.0.1:8081', green: '127.0.0.1:8082' }
  const server = await startFakeCaddyAdmin(SLOTS.map((slot) => hosts[slot]))
  const proxy = await startFaultProxy({ upstream: server.url })
  const weights = (): readonly number[] => server.handler.load_balancing.selection_policy.weights
  return {
    ...commonParts(proxy, hosts),
    world: {
      ...faultsOf(proxy),
      async served(count) {
        const [total, [blue = 0]] = [weights().reduce((sum, weight) => sum + weight, 0), weights()]
        const answers = Math.round((count * blue) / total)
        return { blue: answers, green: count - answers }
      },
      async changeByHand() {
        server.handler.load_balancing.selection_policy.weights = [3, 7]
      },
      async breakConfig() {
        server.refuseLoading(true)
        return {}
      },
      async deny() {
        proxy.inject({ kind: 'status', applied: false, status: 403, body: `{"error":"not ${LOGIN}"}` })
        return {}
      },
      async heal() {
        proxy.heal()
        server.refuseLoading(false)
      },
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}

function commonParts(proxy: FaultProxy, hosts: PerSlot<string>): Omit<TrafficFixture, 'world' | 'close'> {
  return {
    provider: caddy,
    options: {
      admin: proxy.url,
      id: 'app',
      servers: perSlot((slot) => hosts[slot]),
      credentials: '${env:CADDY_LOGIN}',
    },
    platform: { ...createNodePlatform(), env: { CADDY_LOGIN: LOGIN } },
    root: temporaryFolder('traffic'),
    secrets: [LOGIN, 'loopback-only', Buffer.from(LOGIN).toString('base64')],
    splits: SPLITS,
  }
}

function faultsOf(proxy: FaultProxy) {
  return {
    writes: () => writesIn(proxy.requests),
    goDown: () => proxy.goDown(),
    stall: async () => proxy.inject({ kind: 'black-hole' }),
    heardCount: () => proxy.requests.length,
    swallowWrites: async () => proxy.inject({ kind: 'status', applied: false, status: 200, method: 'PATCH' }),
    loseAnswers: async () => proxy.inject({ kind: 'lost-answer', method: 'PATCH' }),
    takeOut: () => Promise.reject(new Error('Caddy tells nobody of such a thing')),
  }
}

async function patch(url: string, value: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  })
  if (!answer.ok) throw new Error(`Caddy answered ${answer.status}: ${await answer.text()}`)
}
