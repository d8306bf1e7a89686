import { readFileSync, writeFileSync } from 'node:fs'
import { perSlot } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { moveTraffic } from '../../../src/traffic/move-traffic.ts'
import { nginx } from '../../../src/traffic/nginx/provider.ts'
import { createCommandSwitch } from '../../support/servers/command-switch.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import { startNginx, type NginxSettings } from '../../support/servers/real/nginx.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

/** A real nginx; its probe is reached through a proxy, its program through a switch. */
export async function createNginxFixture(divides: NginxSettings['divides']): Promise<TrafficFixture> {
  const services = await startSlotServices()
  const server = await startNginx({ hosts: services.hosts, divides })
  const proxy = await startFaultProxy({ upstream: new URL(server.probe).origin })
  const program = createCommandSwitch('nginx', server.words().join(' '))
  const options = {
    include: server.include,
    probe: `${proxy.url}/traffic`,
    test: [program.file, '-t'],
    reload: [program.file, '-s', 'reload'],
    ...(divides === 'upstream'
      ? { upstream: 'app', servers: { ...services.hosts } }
      : { split_clients: '$bagboy_slot', servers: perSlot((slot) => `app_${slot}`) }),
  }
  const [platform, root] = [createNodePlatform(), temporaryFolder('traffic')]
  // The first move to where it stands already gives the text its marker.
  await moveTraffic(
    nginx,
    { split: { blue: 100, green: 0 }, ifMatch: null, proveWithinMs: 10_000 },
    { platform, root, options: nginx.options.parse(options), timeoutMs: 10_000, signal: new AbortController().signal },
  )
  const before = program.calls().length
  proxy.forget()
  return {
    provider: nginx,
    options,
    platform,
    root,
    secrets: [],
    splits: [
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 0, green: 100 },
      { blue: 30, green: 70 },
    ],
    world: {
      served: (count) => countAnswers(server.url, count),
      writes: () =>
        program
          .calls()
          .slice(before)
          .filter((call) => call.includes('reload')),
      async changeByHand() {
        const text = readFileSync(server.include, 'utf8')
        const edited =
          divides === 'upstream'
            ? text.replace('weight=100', 'weight=30').replace('down', 'weight=70')
            : text.replace('* app_blue', '70% app_green; * app_blue')
        writeFileSync(server.include, edited)
        await server.reload()
      },
      async breakConfig() {
        writeFileSync(server.otherInclude, 'no_such_directive;\n')
        return {}
      },
      async deny() {
        program.intercept('*reload', 'echo "nginx: [alert] kill(1, 1) failed (1: Operation not permitted)" >&2; exit 1')
        return {}
      },
      async goDown() {
        await server.close()
      },
      stall: async () => proxy.inject({ kind: 'black-hole' }),
      heardCount: () => proxy.requests.length,
      swallowWrites: async () => program.intercept('*reload', 'exit 0'),
      loseAnswers: async () => program.intercept('*reload', '"$REAL" "$@"; exit 1'),
      async heal() {
        program.pass()
        proxy.heal()
        writeFileSync(server.otherInclude, '')
      },
      takeOut: () => Promise.reject(new Error('nginx tells nobody of such a thing')),
    },
    async close() {
      await proxy.close()
      await server.close()
      await services.close()
    },
  }
}
