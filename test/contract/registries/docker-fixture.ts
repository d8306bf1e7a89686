import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Version } from '../../../src/domain/version.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { docker } from '../../../src/registries/oci/driver.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import {
  deleteFromImage,
  publishImage,
  readVersionLabel,
  type ImageTarget,
} from '../../support/releases/publish-image.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { DriverFixture } from './driver-fixture.ts'
import { driverContext } from './driver-session.ts'

export interface DockerFixtureSettings {
  readonly registry: { readonly url: string; readonly close: () => Promise<void> }
  /** Of the registry; `user:secret`. */
  readonly login?: string
  /** Where the driver finds it. Default `config`: docker's own file. */
  readonly keptIn?: 'config' | 'environment'
  readonly architectures?: readonly string[]
  /** Default: read over HTTP, past the proxy. */
  readonly servedVersion?: (target: ImageTarget) => Promise<string | null>
  /** Default: the proxy answers 401 to every write. */
  readonly revokeAccess?: () => Promise<void>
}

const TAGS = ['latest', 'stable']

/** 1.2.0 and then 1.3.0, both under `latest` and `stable` and a tag of their own. */
export async function createDockerFixture(settings: DockerFixtureSettings): Promise<DriverFixture> {
  const { registry, login, architectures } = settings
  const target: ImageTarget = { url: registry.url, repository: 'team/app', ...(login === undefined ? {} : { login }) }
  const proxy = await startFaultProxy({ upstream: registry.url })
  const root = temporaryFolder('docker-project')
  const platform = { ...createNodePlatform(), env: environmentFor(settings, proxy.host, root) }
  const credentials = settings.keptIn === 'environment' ? '${env:REGISTRY_LOGIN}' : 'docker'
  const options = { tags: TAGS, insecure: true, credentials }
  const ref = { format: 'docker', registry: `${proxy.host}/team/app`, name: 'app' }
  const parts = { platform, root, cacheFolder: join(root, 'cache') }
  const publish = async (version: string): Promise<{ version: Version; pin: Json; layers: readonly string[] }> => {
    const { layers } = await publishImage(target, {
      version,
      tags: [version, ...TAGS],
      ...(architectures ? { architectures } : {}),
    })
    const pin = await docker.capture({ package: ref, version }, driverContext(parts, docker.options.parse(options)))
    return { version: `v${version}` as Version, pin, layers }
  }
  const old = await publish('1.2.0')
  const bad = await publish('1.3.0')
  proxy.forget()
  return {
    driver: docker,
    package: ref,
    options,
    versions: { old, bad },
    ...parts,
    secrets:
      login === undefined
        ? ['no secret is in use']
        : [login.split(':')[1] ?? '', Buffer.from(login).toString('base64')],
    proxy,
    write: { method: 'PUT' },
    limits: { comparesAndSwaps: false, tellsRetryAfter: true },
    world: {
      servedVersion: () => (settings.servedVersion ?? ((place) => readVersionLabel(place, 'latest')))(target),
      moveElsewhere: async () => void (await publishImage(target, { version: '1.3.1', tags: ['latest'] })),
      breakTarget: async () => {
        for (const layer of old.layers) await deleteFromImage(target, `blobs/${layer}`)
      },
      revokeAccess:
        settings.revokeAccess ??
        (async () =>
          proxy.inject({
            kind: 'status',
            applied: false,
            status: 401,
            method: 'PUT',
            headers: { 'www-authenticate': 'Basic realm="test"' },
          })),
      swallowWrites: async () => proxy.inject({ kind: 'status', applied: false, status: 201, method: 'PUT' }),
    },
    async close() {
      await proxy.close()
      await registry.close()
    },
  }
}

function environmentFor(
  { login, keptIn }: DockerFixtureSettings,
  host: string,
  root: string,
): Readonly<Record<string, string>> {
  if (login === undefined) return { HOME: root }
  if (keptIn === 'environment') return { HOME: root, REGISTRY_LOGIN: login }
  const auths = { [host]: { auth: Buffer.from(login).toString('base64') } }
  mkdirSync(join(root, '.docker'))
  writeFileSync(join(root, '.docker/config.json'), JSON.stringify({ auths }))
  return { HOME: root }
}
