import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Json } from '../../../src/domain/text/json.ts'
import type { Version } from '../../../src/domain/version.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { AnyDriver } from '../../../src/registries/driver.ts'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import { startFaultProxy } from '../../support/servers/fault-proxy.ts'
import { createGitTap, type GitTap } from '../../support/releases/git-tap.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { GIT_ENVIRONMENT } from '../../support/processes/run-client.ts'
import type { DriverFixture } from './driver-fixture.ts'

export interface GitFixtureSettings {
  readonly driver: AnyDriver
  /** Of the file; the driver has to find it by itself. */
  readonly path: string
  readonly textOf: (version: string) => string
  readonly versionOf: (text: string) => string | null
  /** Whether the server leaves files out of what it sends, as hosted ones do. */
  readonly allowsFilter: boolean
}

const AUTH = { user: 'publisher', secret: 'p@ss:word/1' }

/** 1.2.0 and then 1.3.0 in a repository behind smart HTTP, which asks for a login when it is pushed to. */
export async function createGitFixture(settings: GitFixtureSettings): Promise<DriverFixture> {
  const { driver, path, textOf, allowsFilter } = settings
  const root = temporaryFolder('git-project')
  const tap = createGitTap(join(root, 'served/acme/tap.git'), { 'uploadpack.allowFilter': String(allowsFilter) })
  tap.commit({ 'README.md': 'A tap.\n', [path]: textOf('1.1.0') })
  const old = publish(tap, settings, '1.2.0')
  const bad = publish(tap, settings, '1.3.0')
  const auth = { ...AUTH }
  const server = await startGitHttp({ root: join(root, 'served'), auth })
  const proxy = await startFaultProxy({ upstream: server.url })
  const login = `${AUTH.user}:${AUTH.secret}`
  return {
    driver,
    package: { format: driver.format, registry: 'acme/tap', name: 'myapp' },
    options: { remote: `${proxy.url}/acme/tap.git`, credentials: '${env:TAP_LOGIN}' },
    versions: { old, bad },
    platform: { ...createNodePlatform(), env: { ...GIT_ENVIRONMENT, TAP_LOGIN: login } },
    root,
    cacheFolder: join(root, 'cache'),
    secrets: [AUTH.secret, encodeURIComponent(AUTH.secret), login, Buffer.from(login).toString('base64')],
    proxy,
    write: { method: 'POST', path: /\/git-receive-pack$/u },
    limits: { comparesAndSwaps: true, tellsRetryAfter: false },
    world: {
      servedVersion: async () => settings.versionOf(tap.read(path) ?? ''),
      moveElsewhere: async () => void tap.commit({ [path]: textOf('1.3.1') }),
      breakTarget: async () => tap.startOver({ [path]: textOf('1.3.0') }),
      revokeAccess: async () => void (auth.secret = 'another one'),
      swallowWrites: async () =>
        proxy.inject({
          kind: 'status',
          applied: false,
          status: 200,
          method: 'POST',
          path: /\/git-receive-pack$/u,
          headers: { 'content-type': 'application/x-git-receive-pack-result' },
          body: acceptance('refs/heads/main'),
        }),
    },
    async close() {
      await proxy.close()
      await server.close()
    },
  }
}

function publish(tap: GitTap, { path, textOf }: GitFixtureSettings, version: string): { version: Version; pin: Json } {
  const commit = tap.commit({ [path]: textOf(version) }, `myapp ${version}`)
  const blob_sha256 = createHash('sha256').update(textOf(version)).digest('hex')
  return { version: `v${version}` as Version, pin: { path, sha: tap.blobOf(path), blob_sha256, commit } }
}

/** What a server says after a push it has carried out: report-status over side-band (gitprotocol-pack(5)). */
function acceptance(ref: string): string {
  return `${packet(`\u0001${packet('unpack ok\n')}${packet(`ok ${ref}\n`)}0000`)}0000`
}

function packet(text: string): string {
  return `${(text.length + 4).toString(16).padStart(4, '0')}${text}`
}
