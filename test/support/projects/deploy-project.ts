import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { openApp, type App } from '../../../src/app.ts'
import type { Deployment, History } from '../../../src/domain/deployment.ts'
import { perSlot, type TrafficSplit } from '../../../src/domain/traffic/traffic.ts'
import type { DeployHandle } from '../../../src/engine/deploy/deploy.ts'
import type { DeployEvent, StampedDeploy } from '../../../src/events/deploy-events.ts'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import { aDeployment } from '../builders/a-history.ts'
import { startCaddy } from '../servers/real/caddy.ts'
import { startHaproxy, type HaproxySettings } from '../servers/real/haproxy.ts'
import { startNginx } from '../servers/real/nginx.ts'
import { startSlotServices, type SlotServices } from '../servers/slot-services.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { platformWith } from '../test-platform.ts'

export type BalancerKind = 'haproxy' | 'nginx' | 'caddy'

export interface DeployProject {
  readonly root: string
  readonly services: SlotServices
  readonly balancer: StartedBalancer
  readonly platform: Platform
  /** A process of its own, as far as the project can tell. */
  open(platform?: Platform): Promise<App>
  /** What the balancer does now. */
  split(): Promise<TrafficSplit>
  history(): Promise<History>
  /** What `deploy.command` was told, a line for each run of it. */
  deployed(): readonly string[]
  close(): Promise<void>
}

export interface DeployProjectOptions {
  readonly balancer?: BalancerKind
  /** How HAProxy itself is configured. */
  readonly haproxy?: Omit<HaproxySettings, 'hosts'>
  /** Under `blue_green.traffic`. */
  readonly traffic?: Readonly<Record<string, unknown>>
  readonly blueGreen?: Readonly<Record<string, unknown>>
  readonly deployment?: Readonly<Record<string, unknown>>
  /** Leaves out the check that asks a slot past the balancer. */
  readonly asksThroughBalancer?: true
  /** Of the analysis `errors`, 100 ms apart. */
  readonly measurements?: number
}

interface StartedBalancer {
  readonly url: string
  /** Its keys under `blue_green.traffic`. */
  readonly keys: Readonly<Record<string, unknown>>
  /** Keys of a way in that may read and not write; of HAProxy alone. */
  readonly readOnlyKeys?: Readonly<Record<string, unknown>>
  /** Past everything of ours. Caddy takes tens only. */
  moveByHand(percentGreen: number): Promise<void>
  /** Of the runtime API; of HAProxy alone. */
  command?(text: string): Promise<string>
  close(): Promise<void>
}

const LOG = 'deployed.log'
const SCRIPT = `#!/bin/sh\necho "$BAGBOY_VERSION $BAGBOY_SLOT $BAGBOY_COMMIT" >> ${LOG}\nif [ -f break-deploy ]; then echo "no space left for $DEPLOY_TOKEN" >&2; exit 3; fi\nwhile [ -f hold-deploy ]; do sleep 0.05; done\n`

/** v1.3.0 is live in blue behind a real balancer; green answers too and gets nothing. */
export async function createDeployProject(options: DeployProjectOptions = {}): Promise<DeployProject> {
  const services = await startSlotServices()
  const balancer = await BALANCERS[options.balancer ?? 'haproxy'](services.hosts, options.haproxy)
  const root = temporaryFolder('deploy')
  const platform = platformWith({ DEPLOY_TOKEN: 's3cret' })
  writeFileSync(join(root, 'deploy.sh'), SCRIPT)
  writeFileSync(join(root, 'bagboy.yaml'), stringify(configFor(services, balancer, options)))
  await seedHistory(root, platform, options.balancer ?? 'haproxy')
  const open = (own: Platform = platform) => openApp(own, { cwd: root })
  return {
    root,
    services,
    balancer,
    platform,
    open,
    async split() {
      const { traffic } = await open()
      if (!traffic) throw new Error('no balancer')
      const signal = new AbortController().signal
      const { split } = await traffic.provider.read({
        platform,
        options: traffic.options,
        signal,
        timeoutMs: 5000,
        root,
      })
      return split
    },
    history: async () => (await (await open()).engine.overview()).history,
    deployed: () => readLines(join(root, LOG)),
    async close() {
      await balancer.close()
      await services.close()
    },
  }
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n')
  } catch {
    return []
  }
}

type Start = (hosts: SlotServices['hosts'], settings?: DeployProjectOptions['haproxy']) => Promise<StartedBalancer>

const BALANCERS: Readonly<Record<BalancerKind, Start>> = {
  async haproxy(hosts, settings) {
    const server = await startHaproxy({ hosts, ...settings })
    return {
      url: server.url,
      readOnlyKeys: { socket: server.sockets.operator },
      command: (text) => server.command(text),
      keys: {
        provider: 'haproxy',
        socket: server.sockets.admin,
        backend: 'app',
        servers: { blue: 'app1', green: 'app2' },
      },
      async moveByHand(percentGreen) {
        await server.command(`set server app/app2 weight ${percentGreen}`)
        await server.command(`set server app/app1 weight ${100 - percentGreen}`)
      },
      close: () => server.close(),
    }
  },
  async nginx(hosts) {
    const server = await startNginx({ hosts, divides: 'upstream' })
    const keys = { include: server.include, upstream: 'app', servers: { ...hosts }, probe: server.probe }
    return {
      url: server.url,
      keys: { provider: 'nginx', ...keys, test: server.words('-t'), reload: server.words('-s', 'reload') },
      async moveByHand(percentGreen) {
        const text = readFileSync(server.include, 'utf8')
        const weights = { [hosts.blue]: 100 - percentGreen, [hosts.green]: percentGreen }
        const edited = text.replaceAll(
          /server (\S+) [^;]+;/gu,
          (_whole, host: string) => `server ${host} weight=${weights[host] ?? 0};`,
        )
        writeFileSync(server.include, edited)
        await server.reload()
      },
      close: () => server.close(),
    }
  },
  async caddy(hosts) {
    const server = await startCaddy({ hosts })
    return {
      url: server.url,
      keys: { provider: 'caddy', admin: server.admin, id: 'app', servers: { ...hosts } },
      async moveByHand(percentGreen) {
        const count = percentGreen / 10
        const dials = [...Array<string>(10 - count).fill(hosts.blue), ...Array<string>(count).fill(hosts.green)]
        const body = JSON.stringify(dials.map((dial) => ({ dial })))
        const headers = { 'content-type': 'application/json' }
        await fetch(`${server.admin}/id/app/upstreams`, { method: 'PATCH', headers, body })
      },
      close: () => server.close(),
    }
  },
}

const QUICK = { interval: '100ms', timeout: '2s', failure_threshold: 2, success_threshold: 1 }

function configFor({ hosts }: SlotServices, balancer: StartedBalancer, options: DeployProjectOptions): object {
  const { steps = [{ weight: 10 }, { analysis: 'errors' }, { weight: 50 }, { analysis: 'errors' }, { weight: 100 }] } =
    options.traffic ?? {}
  return {
    name: 'shop',
    deployment: {
      environment: 'production',
      health_checks: [
        ...(options.asksThroughBalancer
          ? []
          : [{ name: 'ready', url: 'http://${target_host}/health', target: 'preview', ...QUICK }]),
        { name: 'live', url: `${balancer.url}/health`, ...QUICK },
      ],
      blue_green: {
        ...perSlot((slot) => ({ url: `http://${hosts[slot]}` })),
        auto_promote: true,
        keep_previous: '1h',
        startup: { timeout: '1s', interval: '100ms' },
        deploy: { command: 'sh ./deploy.sh', env: ['DEPLOY_TOKEN'] },
        ...options.blueGreen,
        traffic: { ...balancer.keys, ...options.traffic, steps },
      },
      analysis: {
        window: options.measurements === undefined ? '600ms' : '5s',
        interval: '100ms',
        initial_delay: '0s',
        checks: [
          {
            name: 'errors',
            source: 'probes',
            max: '5%',
            failure_limit: 0,
            min_samples: 1,
            count: options.measurements ?? 2,
            inconclusive_limit: 20,
          },
        ],
      },
      rollback: { timeout: '5s', request_timeout: '2s', retry: { attempts: 2, backoff: '50ms' } },
      ...options.deployment,
    },
  }
}

async function seedHistory(root: string, { files }: Platform, registry: BalancerKind): Promise<void> {
  const folder = join(root, '.bagboy')
  const store = createHistoryStore({ files, file: join(folder, 'deployment-history.yml'), folder })
  for (const [version, slot] of [
    ['v1.2.0', 'green'],
    ['v1.3.0', 'blue'],
  ] as const) {
    const { id: _id, ...deployment }: Deployment = aDeployment(version, {
      environment: 'production',
      status: version === 'v1.3.0' ? 'active' : 'superseded',
      packages: [{ format: 'traffic', registry, name: 'shop', status: 'deployed', ref: { slot } }],
    })
    await store.commit(() => [{ kind: 'insert', deployment }], { run: '', epoch: 0, purpose: 'seed', actor: {} })
  }
}

/** Every event of a deploy; `onEvent` may do something to the world meanwhile. */
export async function readDeployEvents(
  handle: DeployHandle,
  onEvent: (event: StampedDeploy) => void | Promise<void> = () => undefined,
): Promise<readonly StampedDeploy[]> {
  const events: StampedDeploy[] = []
  for await (const event of handle) {
    events.push(event)
    await onEvent(event)
  }
  return events
}

/** The events of one type, in order. */
export function eventsOf<Type extends DeployEvent['type']>(
  events: readonly StampedDeploy[],
  type: Type,
): readonly Extract<StampedDeploy, { type: Type }>[] {
  return events.filter((event): event is Extract<StampedDeploy, { type: Type }> => event.type === type)
}

export const aDeployOf = (version: string) => ({ version, commit: 'abc1234', reason: 'release' })
