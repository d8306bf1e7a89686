import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerSpec } from '../../../src/sandbox/servers/balancer/balancer-state.ts'
import { startBalancer } from '../../../src/sandbox/servers/balancer/balancer.ts'
import { converse, type HaproxySettings, type RuntimeBalancer } from './real/haproxy.ts'
import { temporaryFolder } from '../temporary-folder.ts'

interface OurSettings extends HaproxySettings {
  /** As `more` has them in HAProxy's own words. */
  readonly moreServers?: readonly ServerSpec[]
}

/** The sandbox's balancer, set up as the real one is in its own suites. */
export async function startOurBalancer(settings: OurSettings): Promise<RuntimeBalancer> {
  const { hosts, weights = { blue: 100, green: 0 }, moreServers = [] } = settings
  const folder = temporaryFolder('balancer')
  const sockets = { admin: join(folder, 'admin'), operator: join(folder, 'operator') }
  const stateFile = join(folder, 'state')
  writeFileSync(stateFile, '')
  const server = await startBalancer({
    sockets,
    backends: [
      {
        name: 'app',
        algorithm: 'roundrobin',
        servers: [
          { name: 'app1', host: hosts.blue, weight: weights.blue },
          { name: 'app2', host: hosts.green, weight: weights.green },
          { name: 'spare', host: hosts.blue, weight: 1, isBackup: true },
          ...moreServers,
        ],
      },
      {
        name: 'static',
        algorithm: 'static-rr',
        servers: [
          { name: 'app1', host: hosts.blue, weight: 100 },
          { name: 'app2', host: hosts.green, weight: 100 },
        ],
      },
    ],
  })
  const { url, close } = server
  return { url, sockets, stateFile, command: (text) => converse(sockets.admin, text), close }
}
