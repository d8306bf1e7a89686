import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Version } from '../../../src/domain/version.ts'
import { npm } from '../../../src/registries/npm/driver.ts'
import { startNpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { deprecateNpm, publishNpm } from '../../../src/sandbox/servers/npm/npm-store.ts'
import { openSession } from '../../contract/registries/driver-session.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { platformWith } from '../test-platform.ts'

const AT = '2026-02-01T18:00:00Z'
const NPM_TOKEN = 'npm_mayWrite0000'
export const NPM_READER = 'npm_mayRead00000'

interface NpmSessionSettings {
  readonly options?: Readonly<Record<string, unknown>>
  /** Of both versions, 1.3.0 and 1.2.0; default: none was recorded. */
  readonly pins?: { readonly bad: Json; readonly old: Json }
  readonly token?: string
  /** As the history has it. Default: the proxy's address. */
  readonly registry?: string
  readonly npmrc?: string
}

/** A registry in memory with nothing in it, and sessions from 1.3.0 back to 1.2.0. */
export async function openNpmRegistry(settings: { readonly oneTimePassword?: string } = {}) {
  const server = await startNpmRegistry({ token: NPM_TOKEN, readOnlyToken: NPM_READER, now: () => AT, ...settings })
  const proxy = await startFaultProxy({ upstream: server.url })
  onTestFinished(async () => {
    await proxy.close()
    await server.close()
  })
  const root = temporaryFolder('npm-driver')

  const publish = (name: string, version: string, manifest: Readonly<Record<string, unknown>> = {}) =>
    publishNpm(server.state, {
      manifest: { ...manifest, name, version },
      tarball: Buffer.from(`${name}@${version}`),
      tags: ['latest'],
      at: AT,
    })
  const session = ({ options = {}, pins, token = NPM_TOKEN, registry = proxy.url, npmrc }: NpmSessionSettings = {}) => {
    writeFileSync(join(root, '.npmrc'), npmrc ?? (token === '' ? '' : `//${proxy.host}/:_authToken=${token}\n`))
    return openSession({
      driver: npm,
      package: { format: 'npm', registry, name: 'myapp' },
      options,
      versions: {
        bad: { version: 'v1.3.0' as Version, pin: pins?.bad ?? null },
        old: { version: 'v1.2.0' as Version, pin: pins?.old ?? null },
      },
      platform: platformWith({ HOME: join(root, 'home') }),
      root,
      cacheFolder: join(root, 'cache'),
      proxy,
    })
  }
  const latest = (name = 'myapp') => server.state.packages.get(name)?.distTags.get('latest') ?? null
  const deprecated = (version: string, name = 'myapp') =>
    server.state.packages.get(name)?.versions.get(version)?.deprecated ?? null
  const deprecate = (version: string, message: string, name = 'myapp') => {
    const known = [...(server.state.packages.get(name)?.versions.keys() ?? [])]
    const texts = known.map((each) => [each, each === version ? message : (deprecated(each, name) ?? '')] as const)
    deprecateNpm(server.state, name, new Map(texts), AT)
  }
  return { state: server.state, publish, session, proxy, latest, deprecated, deprecate }
}

/** The paths of the writes the registry was sent, as `PUT /…`. */
export function writePaths(writes: readonly string[]): readonly string[] {
  return writes.map((write) => write.replaceAll('%2f', '/'))
}
