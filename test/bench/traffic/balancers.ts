import { writeFileSync } from 'node:fs'
import { perSlot, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { caddy } from '../../../src/traffic/caddy/provider.ts'
import { haproxy } from '../../../src/traffic/haproxy/provider.ts'
import { nginx } from '../../../src/traffic/nginx/provider.ts'
import type { AnyTrafficProvider } from '../../../src/traffic/provider.ts'
import { missingCaddy, startCaddy } from '../../support/servers/real/caddy.ts'
import { missingHaproxy, startHaproxy, type HaproxySettings } from '../../support/servers/real/haproxy.ts'
import { missingNginx, startNginx, type NginxSettings } from '../../support/servers/real/nginx.ts'
import type { Connections } from './load.ts'
import { isAlone } from './own-network.ts'

/** A real server that is running. */
export interface RunningBalancer {
  readonly url: string
  readonly provider: AnyTrafficProvider
  /** As in `bagboy.yaml`. */
  readonly options: Readonly<Record<string, unknown>>
  /** What a person does to put a configuration in force, with the one that is in force already; absent where nothing is reloaded. */
  readonly reloadByHand?: () => Promise<void>
  close(): Promise<void>
}

export interface Balancer {
  readonly title: string
  /** Default: both. */
  readonly connections?: readonly Connections[]
  /** Why it cannot run on this machine. */
  readonly missing: string | undefined
  start(hosts: PerSlot<string>): Promise<RunningBalancer>
}

/** What makes Linux hand over connections that wait in the queue of a socket which is closed, to another one of its port. */
const MIGRATION = { name: 'net.ipv4.tcp_migrate_req', file: '/proc/sys/net/ipv4/tcp_migrate_req' }

/** All of the load comes from one address: below everything it stays on the slot that it was first sent to. */
const STICKY = ['stick-table type ip size 1k expire 30m', 'stick on src']

export const BALANCERS: readonly Balancer[] = [
  haproxyBalancer('HAProxy', {}),
  // Kept connections stay where they are: only fresh ones are divided.
  { ...haproxyBalancer('HAProxy, mode tcp', { mode: 'tcp' }), connections: ['fresh'] },
  {
    ...haproxyBalancer('HAProxy, mode tcp, clients kept', { mode: 'tcp', more: STICKY }),
    connections: ['fresh'],
  },
  nginxBalancer('nginx, upstream', 'upstream'),
  nginxBalancer('nginx, split_clients', 'split_clients'),
  { title: 'Caddy', missing: missingCaddy(), start: startCaddyBalancer },
  {
    title: `Caddy, ${MIGRATION.name}=1`,
    connections: ['fresh'],
    missing: missingCaddy() ?? (isAlone() ? undefined : `${MIGRATION.name}=1 without a network of our own`),
    async start(hosts) {
      writeFileSync(MIGRATION.file, '1')
      const running = await startCaddyBalancer(hosts)
      return {
        ...running,
        async close() {
          await running.close()
          writeFileSync(MIGRATION.file, '0')
        },
      }
    },
  },
]

async function startCaddyBalancer(hosts: PerSlot<string>): Promise<RunningBalancer> {
  const server = await startCaddy({ hosts })
  return {
    url: server.url,
    provider: caddy,
    options: { admin: server.admin, id: 'app', servers: hosts },
    async reloadByHand() {
      const running = await (await fetch(`${server.admin}/config/`)).text()
      await fetch(`${server.admin}/load`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cache-control': 'must-revalidate' },
        body: running,
      })
    },
    close: () => server.close(),
  }
}

function nginxBalancer(title: string, divides: NginxSettings['divides']): Balancer {
  return {
    title,
    missing: missingNginx(),
    async start(hosts) {
      const server = await startNginx({ hosts, divides })
      const chosen =
        divides === 'upstream'
          ? { upstream: 'app', servers: hosts }
          : { split_clients: '$bagboy_slot', servers: perSlot((slot) => `app_${slot}`) }
      return {
        url: server.url,
        provider: nginx,
        options: {
          ...chosen,
          include: server.include,
          probe: server.probe,
          test: server.words('-t'),
          reload: server.words('-s', 'reload'),
        },
        reloadByHand: () => server.reload(),
        close: () => server.close(),
      }
    },
  }
}

function haproxyBalancer(title: string, settings: Omit<HaproxySettings, 'hosts'>): Balancer {
  return {
    title,
    missing: missingHaproxy(),
    async start(hosts) {
      const server = await startHaproxy({ hosts, ...settings })
      return {
        url: server.url,
        provider: haproxy,
        options: {
          socket: server.sockets.admin,
          backend: 'app',
          servers: { blue: 'app1', green: 'app2' },
          state_file: server.stateFile,
        },
        close: () => server.close(),
      }
    },
  }
}
