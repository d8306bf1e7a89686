import { readFileSync, writeFileSync } from 'node:fs'
import { allTo, SLOTS, type PerSlot } from '../../../src/domain/traffic/traffic.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { freePort } from './free-port.ts'
import { startCaddy } from './real/caddy.ts'
import { startHaproxy, type Haproxy, type HaproxySettings } from './real/haproxy.ts'
import { startNginx } from './real/nginx.ts'
import { startSocketProxy, type SocketProxy } from './socket-proxy.ts'
import type { ProjectBalancer } from '../projects/traffic-project.ts'

export interface HaproxyBalancer extends ProjectBalancer {
  readonly server: Haproxy
  /** Before its runtime API; the program under test knows nothing else. */
  readonly proxy: SocketProxy
  /** Weights by hand, in percent. */
  weigh(weights: PerSlot<number>): Promise<void>
}

/** A real HAProxy behind a proxy for its runtime API. */
export async function startHaproxyBalancer(
  hosts: PerSlot<string>,
  settings: Omit<HaproxySettings, 'hosts'> = {},
): Promise<HaproxyBalancer> {
  const server = await startHaproxy({ hosts, ...settings })
  const proxy = await startSocketProxy(server.sockets.admin)
  const weigh = async ({ blue, green }: PerSlot<number>) => {
    await server.command(`set server app/app1 weight ${blue}`)
    await server.command(`set server app/app2 weight ${green}`)
  }
  return {
    server,
    proxy,
    weigh,
    url: server.url,
    options: {
      provider: 'haproxy',
      socket: proxy.path,
      backend: 'app',
      servers: { blue: 'app1', green: 'app2' },
      state_file: server.stateFile,
    },
    moveByHand: (slot) => weigh(allTo(slot)),
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}

/** A real nginx whose include is rewritten by hand. */
export async function startNginxBalancer(hosts: PerSlot<string>): Promise<ProjectBalancer> {
  const server = await startNginx({ hosts, divides: 'upstream' })
  return {
    url: server.url,
    options: {
      provider: 'nginx',
      include: server.include,
      probe: server.probe,
      test: server.words('-t'),
      reload: server.words('-s', 'reload'),
      upstream: 'app',
      servers: { ...hosts },
    },
    // The text of an edited include does not name itself, so no worker can say that it has loaded it.
    isUnprovedByHand: true,
    async moveByHand(slot) {
      const text = SLOTS.reduce(
        (before, each) => {
          const [start = '', end = ''] = before.split(`server ${hosts[each]}`)
          const share = each === slot ? 'weight=1' : 'down'
          return `${start}server ${hosts[each]} ${share}${end.slice(end.indexOf(';'))}`
        },
        readFileSync(server.include, 'utf8'),
      )
      writeFileSync(server.include, text)
      await server.reload()
    },
    close: () => server.close(),
  }
}

export interface CaddyBalancer extends ProjectBalancer {
  readonly proxy: FaultProxy
}

/** A real Caddy behind a proxy for its admin API. */
export async function startCaddyBalancer(hosts: PerSlot<string>): Promise<CaddyBalancer> {
  const port = await freePort()
  const server = await startCaddy({ hosts, origins: [`127.0.0.1:${port}`] })
  const proxy = await startFaultProxy({ upstream: server.admin, port })
  return {
    proxy,
    url: server.url,
    options: { provider: 'caddy', admin: proxy.url, id: 'app', servers: { ...hosts } },
    async moveByHand(slot) {
      const answer = await fetch(`${server.admin}/id/app/upstreams`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([{ dial: hosts[slot] }]),
      })
      if (!answer.ok) throw new Error(`Caddy answered ${answer.status}: ${await answer.text()}`)
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}
