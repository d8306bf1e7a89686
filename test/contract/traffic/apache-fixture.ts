import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { perSlot, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { createNodeExec } from '../../../src/platform/node/programs/exec.ts'
import { command } from '../../../src/traffic/command/provider.ts'
import { createCommandSwitch } from '../../support/servers/command-switch.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import { startApache } from '../../support/servers/real/apache.ts'
import { runClient } from '../../support/processes/run-client.ts'
import { countAnswers, startSlotServices } from '../../support/servers/slot-services.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { TrafficFixture } from './traffic-fixture.ts'

const BALANCER = join(import.meta.dirname, '../../../docs/apache-balancer.sh')
const MODULES = ['proxy', 'proxy_http', 'proxy_balancer', 'lbmethod_byrequests', 'slotmem_shm', 'headers']
const MANAGER = '/balancer-manager'

/** A real Apache, moved by the program of the documentation; its manager is reached through a proxy. */
export async function createApacheFixture(): Promise<TrafficFixture> {
  const services = await startSlotServices()
  const members = perSlot((slot) => `http://${services.hosts[slot]}`)
  const server = await startApache({
    modules: MODULES,
    lines: (folder) => {
      writeFileSync(join(folder, 'members.conf'), membersOf(members, { blue: 'loadfactor=100', green: 'status=+D' }))
      writeFileSync(join(folder, 'other.conf'), '')
      return [
        'ServerLimit 4',
        'Include members.conf',
        'Include other.conf',
        `<Location ${MANAGER}>`,
        'SetHandler balancer-manager',
        '</Location>',
        `ProxyPass ${MANAGER} !`,
        'ProxyPass / balancer://app/',
      ]
    },
  })
  const url = `http://${server.host}`
  const proxy = await startFaultProxy({ upstream: url })
  const program = createCommandSwitch('balancer', BALANCER)
  const apache = createCommandSwitch('apache', server.words().join(' '))
  const include = join(server.folder, 'members.conf')
  const settings = {
    APACHE_INCLUDE: include,
    APACHE_BALANCER: 'app',
    APACHE_BLUE: members.blue,
    APACHE_GREEN: members.green,
    APACHE_MANAGER: `${proxy.url}${MANAGER}`,
    APACHE_CONTROL: apache.file,
  }
  const env = { PATH: process.env['PATH'] ?? '', ...settings }
  const reload = async (blue: string, green: string): Promise<void> => {
    const marker = /<Location[^]*/u.exec(readFileSync(include, 'utf8'))?.[0] ?? ''
    writeFileSync(include, `${membersOf(members, { blue, green })}${marker}`)
    const [file = '', ...args] = server.words('-k', 'graceful')
    const { exitCode, stderr } = await runClient(file, args)
    if (exitCode !== 0) throw new Error(`Apache was not reloaded: ${stderr}`)
  }
  return {
    provider: command,
    options: { switch: [program.file, 'switch'], status: [program.file, 'status'], env: Object.keys(settings) },
    platform: { ...createNodePlatform(), env, exec: createNodeExec(env) },
    root: temporaryFolder('traffic'),
    secrets: [],
    splits: [
      { blue: 90, green: 10 },
      { blue: 50, green: 50 },
      { blue: 0, green: 100 },
      { blue: 30, green: 70 },
    ],
    world: {
      served: (count) => countAnswers(url, count),
      writes: () => apache.calls().filter((call) => call.includes('graceful')),
      changeByHand: () => reload('loadfactor=30', 'loadfactor=70'),
      async breakConfig() {
        writeFileSync(join(server.folder, 'other.conf'), 'no_such_directive\n')
        return {}
      },
      async deny() {
        apache.intercept('*graceful', 'echo "kill: (1): Operation not permitted" >&2; exit 1')
        return {}
      },
      goDown: () => server.close(),
      stall: async () => proxy.inject({ kind: 'black-hole' }),
      heardCount: () => proxy.requests.length,
      swallowWrites: async () => apache.intercept('*graceful', 'exit 0'),
      loseAnswers: async () => program.intercept('switch', '"$REAL" "$@"; exit 1'),
      async heal() {
        program.pass()
        apache.pass()
        proxy.heal()
        writeFileSync(join(server.folder, 'other.conf'), '')
      },
      takeOut: () => reload('loadfactor=100', 'loadfactor=1 status=+S'),
    },
    async close() {
      await proxy.close()
      await server.close()
      await services.close()
    },
  }
}

function membersOf(members: PerSlot<string>, { blue, green }: PerSlot<string>): string {
  return `<Proxy balancer://app>
  BalancerMember ${members.blue} ${blue}
  BalancerMember ${members.green} ${green}
</Proxy>
`
}
