import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createNodePlatform } from '../../../../src/platform/node/create-platform.ts'
import { traefik } from '../../../../src/traffic/traefik/provider.ts'
import { startFakeTraefik } from '../../../support/servers/fake/traefik.ts'
import { startFaultProxy } from '../../../support/servers/fault-proxy.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import type { TrafficFixture } from '../traffic-fixture.ts'

const LOGIN = 'operator:loopback-only'
const DYNAMIC = `# Who gets what.
http:
  services:
    app:
      weighted:
        services:
          - name: app-blue # the old one
            weight: 1
          - { name: app-green, weight: 0 }
    app-blue: { loadBalancer: { servers: [{ url: "http://10.0.0.11:8080" }] } }
    app-green: { loadBalancer: { servers: [{ url: "http://10.0.0.12:8080" }] } }
`

/** A stand-in for Traefik that watches a real file; it serves what it says it runs. */
export async function createTraefikFixture(): Promise<TrafficFixture> {
  const root = temporaryFolder('traffic')
  const file = join(root, 'dynamic.yml')
  writeFileSync(file, DYNAMIC)
  const server = await startFakeTraefik(file, LOGIN)
  for (const slot of ['app-blue', 'app-green']) server.setStatus(slot, { [`http://${slot}`]: 'UP' })
  const proxy = await startFaultProxy({ upstream: server.url })
  const texts = [DYNAMIC]
  const edit = (change: (text: string) => string): void => writeFileSync(file, change(readFileSync(file, 'utf8')))
  const { files, ...platform } = createNodePlatform()
  return {
    provider: traefik,
    options: {
      file,
      service: 'app',
      servers: { blue: 'app-blue', green: 'app-green' },
      api: proxy.url,
      credentials: '${env:TRAEFIK_LOGIN}',
      settle: '1s',
    },
    platform: {
      ...platform,
      files: {
        ...files,
        async replace(path, bytes) {
          texts.push(new TextDecoder().decode(bytes))
          await files.replace(path, bytes)
        },
      },
      env: { TRAEFIK_LOGIN: LOGIN, OTHER_LOGIN: 'operator:another' },
    },
    root,
    secrets: [LOGIN, 'loopback-only', Buffer.from(LOGIN).toString('base64')],
    splits: [
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 0, green: 100 },
      { blue: 30, green: 70 },
    ],
    world: {
      async served(count) {
        const { 'app-blue': blue = 0, 'app-green': green = 0 } = server.weights()
        const answers = Math.round((count * blue) / (blue + green))
        return { blue: answers, green: count - answers }
      },
      writes: () => texts.slice(1),
      async changeByHand() {
        edit((text) => text.replace(/weight: 1\b/u, 'weight: 3').replace('weight: 0', 'weight: 7'))
      },
      async breakConfig() {
        edit((text) => `${text}no_such_section: {}\n`)
        return {}
      },
      deny: async () => ({ credentials: '${env:OTHER_LOGIN}' }),
      goDown: () => proxy.goDown(),
      stall: async () => proxy.inject({ kind: 'black-hole' }),
      heardCount: () => proxy.requests.length,
      swallowWrites: async () => server.setWatching(false),
      loseAnswers: async () => server.cutAfterLoad(2),
      async heal() {
        proxy.heal()
        server.setWatching(true)
        server.cutAfterLoad(0)
        edit((text) => text.replace('no_such_section: {}\n', ''))
      },
      takeOut: async (slot) => server.setStatus(`app-${slot}`, { [`http://${slot}`]: 'DOWN' }),
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}
