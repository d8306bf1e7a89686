import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Version } from '../../../src/domain/version.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import { npm } from '../../../src/registries/npm/driver.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import { publishNpmPackage, type NpmTarget } from '../../support/releases/publish-npm-package.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { DriverFixture } from './driver-fixture.ts'
import { driverContext } from './driver-session.ts'

export interface NpmFixtureSettings {
  readonly registry: NpmTarget & { readonly close: () => Promise<void> }
  /** The main package; nobody else uses it. */
  readonly name: string
  /** Packages for single platforms that belong to each version. */
  readonly platforms?: readonly string[]
  /** Where the driver finds the token. Default `npmrc`: that of the project. */
  readonly keptIn?: 'npmrc' | 'environment'
  /** `false` where the registry has none. Default `true`. */
  readonly deprecates?: boolean
  readonly servedVersion: (name: string) => Promise<string | null>
  readonly unpublish: (name: string, version: string) => Promise<void>
}

/** 1.2.0 and then 1.3.0 under `latest`, with the packages of their platforms. */
export async function createNpmFixture(settings: NpmFixtureSettings): Promise<DriverFixture> {
  const { registry, name, platforms = [] } = settings
  const proxy = await startFaultProxy({ upstream: registry.url })
  const root = temporaryFolder('npm-project')
  const platform = { ...createNodePlatform(), env: environmentFor(settings, proxy.host, root) }
  const options = {
    packages: platforms.length === 0 ? [] : [`@${name}/cli-*`],
    ...(settings.deprecates === false ? { deprecate_bad: false } : {}),
    ...(settings.keptIn === 'environment' ? { token: '${env:REGISTRY_TOKEN}' } : {}),
  }
  const ref = { format: 'npm', registry: proxy.url, name }
  const parts = { platform, root, cacheFolder: join(root, 'cache') }
  const publish = async (version: string) => {
    const optionalDependencies = Object.fromEntries(platforms.map((each) => [`@${name}/cli-${each}`, version]))
    for (const dependency of Object.keys(optionalDependencies)) {
      await publishNpmPackage(registry, { name: dependency, version })
    }
    await publishNpmPackage(registry, { name, version, optionalDependencies })
    const pin = await npm.capture({ package: ref, version }, driverContext(parts, npm.options.parse(options)))
    return { version: `v${version}` as Version, pin }
  }
  const [old, bad] = [await publish('1.2.0'), await publish('1.3.0')]
  proxy.forget()
  return {
    driver: npm,
    package: ref,
    options,
    versions: { old, bad },
    ...parts,
    secrets: [registry.token],
    proxy,
    write: { method: 'PUT' },
    limits: { comparesAndSwaps: false, tellsRetryAfter: true },
    world: {
      servedVersion: () => settings.servedVersion(name),
      moveElsewhere: () => publishNpmPackage(registry, { name, version: '1.3.1' }),
      breakTarget: () =>
        settings.unpublish(platforms[0] === undefined ? name : `@${name}/cli-${platforms[0]}`, '1.2.0'),
      revokeAccess: async () =>
        proxy.inject({ kind: 'status', applied: false, status: 401, method: 'PUT', body: '{"error":"Unauthorized"}' }),
      swallowWrites: async () =>
        proxy.inject({ kind: 'status', applied: false, status: 201, method: 'PUT', body: '{}' }),
    },
    async close() {
      await proxy.close()
      await registry.close()
    },
  }
}

function environmentFor(
  { registry: { token, scheme }, keptIn }: NpmFixtureSettings,
  host: string,
  root: string,
): Readonly<Record<string, string>> {
  if (keptIn === 'environment') return { HOME: root, REGISTRY_TOKEN: token }
  writeFileSync(join(root, '.npmrc'), `//${host}/:${scheme === 'Basic' ? '_auth' : '_authToken'}=\${NPM_TOKEN}\n`)
  return { HOME: join(root, 'home'), NPM_TOKEN: token }
}
