import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PerSlot } from '../../../../src/domain/traffic/traffic.ts'
import { freePort } from '../free-port.ts'
import { findProgram } from '../../processes/run-client.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { startChildServer } from './child-server.ts'

export interface Caddy {
  /** Where requests go in. */
  readonly url: string
  readonly admin: string
  /** From now on no configuration can be loaded any more: one part of it names a file that is gone. */
  breakLoading(): void
  repairLoading(): void
  close(): Promise<void>
}

export interface CaddySettings {
  readonly hosts: PerSlot<string>
  /** Under which addresses the admin API may be asked beside its own: those of proxies. */
  readonly origins?: readonly string[]
}

/** Why its suites are skipped on this machine; `undefined` when they can run. */
export function missingCaddy(): string | undefined {
  return findProgram('caddy') ? undefined : 'not installed: caddy (apt-get install caddy)'
}

/** Caddy that sends everything to blue, by the handler `app`. */
export async function startCaddy({ hosts, origins = [] }: CaddySettings): Promise<Caddy> {
  const folder = temporaryFolder('caddy')
  const [port, adminPort] = [await freePort(), await freePort()]
  const [configuration, needed] = [join(folder, 'caddy.json'), join(folder, 'roots.pem')]
  mkdirSync(join(folder, 'home'))
  writeFileSync(needed, '')
  writeFileSync(configuration, JSON.stringify(configurationFor({ hosts, origins, port, adminPort, needed })))
  const env = { HOME: folder, XDG_DATA_HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'home') }
  const server = startChildServer('caddy', ['run', '--config', configuration], { env })
  const [url, admin] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${adminPort}`]
  await server.waitFor(async () => ((await fetch(url).catch(() => undefined))?.ok ? true : undefined))
  return {
    url,
    admin,
    breakLoading: () => rmSync(needed),
    repairLoading: () => writeFileSync(needed, ''),
    close: () => server.stop(),
  }
}

interface Places {
  readonly hosts: PerSlot<string>
  readonly origins: readonly string[]
  readonly port: number
  readonly adminPort: number
  readonly needed: string
}

function configurationFor({ hosts, origins, port, adminPort, needed }: Places): object {
  const balancer = {
    '@id': 'app',
    handler: 'reverse_proxy',
    load_balancing: { selection_policy: { policy: 'round_robin' }, retries: 2 },
    upstreams: [{ dial: hosts.blue }],
  }
  const other = {
    handler: 'reverse_proxy',
    transport: { protocol: 'http', tls: { root_ca_pem_files: [needed] } },
    upstreams: [{ dial: hosts.green }],
  }
  return {
    admin: {
      listen: `127.0.0.1:${adminPort}`,
      origins: [`127.0.0.1:${adminPort}`, ...origins],
      config: { persist: false },
    },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: {
      http: {
        servers: {
          entry: {
            listen: [`127.0.0.1:${port}`],
            automatic_https: { disable: true },
            routes: [{ match: [{ path: ['/never'] }], handle: [other] }, { handle: [balancer] }],
          },
        },
      },
    },
  }
}
