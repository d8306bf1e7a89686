import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { haproxy } from '../../../src/traffic/haproxy/provider.ts'
import { startHaproxy, type HaproxySettings, type RuntimeBalancer } from '../../support/servers/real/haproxy.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { startSocketProxy } from '../../support/servers/socket-proxy.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

interface Wishes {
  readonly savesState?: boolean
  /** Default: a real HAProxy. */
  readonly start?: (settings: HaproxySettings) => Promise<RuntimeBalancer>
}

/** A real HAProxy, or what takes its place, behind a proxy for its runtime API. */
export async function createHaproxyFixture(settings: Wishes = {}): Promise<TrafficFixture> {
  const services = await startSlotServices()
  const server = await (settings.start ?? startHaproxy)({ hosts: services.hosts })
  const proxy = await startSocketProxy(server.sockets.admin)
  const servers = { blue: 'app1', green: 'app2' }
  return {
    provider: haproxy,
    options: {
      socket: proxy.path,
      backend: 'app',
      servers,
      ...(settings.savesState ? { state_file: server.stateFile } : {}),
    },
    platform: createNodePlatform(),
    root: temporaryFolder('traffic'),
    secrets: [],
    splits: [
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 0, green: 100 },
      { blue: 30, green: 70 },
    ],
    world: {
      served: (count) => countAnswers(server.url, count),
      writes: () => proxy.commands.filter((command) => command.startsWith('set ')),
      async changeByHand() {
        await server.command('set server app/app2 weight 70')
        await server.command('set server app/app1 weight 30')
      },
      breakConfig: async () => ({ backend: 'static' }),
      async deny() {
        proxy.setUpstream(server.sockets.operator)
        return {}
      },
      goDown: () => proxy.goDown(),
      stall: async () => proxy.setMode('stall'),
      heardCount: () => proxy.commands.length,
      swallowWrites: async () => proxy.setMode('swallow'),
      loseAnswers: async () => proxy.setMode('lose'),
      async heal() {
        proxy.setMode('pass')
        proxy.setUpstream(server.sockets.admin)
      },
      takeOut: async (slot) => void (await server.command(`set server app/${servers[slot]} state maint`)),
    },
    async close() {
      await proxy.close()
      await server.close()
      await services.close()
    },
  }
}
