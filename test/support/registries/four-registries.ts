import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startGitHttp } from '../../../src/sandbox/servers/git-http.ts'
import { startNpmRegistry } from '../../../src/sandbox/servers/npm/npm-registry.ts'
import { startOciRegistry } from '../../../src/sandbox/servers/oci/oci-registry.ts'
import { startFaultProxy, type FaultProxy } from '../servers/fault-proxy.ts'
import { formulaText, scoopText } from '../releases/formula.ts'
import { createGitTap, type GitTap } from '../releases/git-tap.ts'
import { publishImage, type ImageTarget } from '../releases/publish-image.ts'
import { publishNpmPackage, type NpmTarget } from '../releases/publish-npm-package.ts'
import { startDockerRegistry } from '../servers/real/docker-registry.ts'
import { startVerdaccio } from '../servers/real/verdaccio.ts'

export const APP = 'myapp'
const LOCAL_TOKEN = 'a-token-of-the-test'
const GIT_LOGIN = { user: 'publisher', secret: 'p@ss:word/1' }

export interface FourRegistries {
  /** A recording, faulting proxy before each; the program under test knows nothing else. */
  readonly proxies: Readonly<Record<'docker' | 'npm' | 'git', FaultProxy>>
  /** Past the proxies: what a user of the registry gets. */
  readonly image: ImageTarget
  readonly packages: NpmTarget & { readonly host: string }
  readonly tap: GitTap
  readonly bucket: GitTap
  /** What the program finds in its environment. */
  readonly env: Readonly<Record<string, string>>
  publish(version: string): Promise<void>
  close(): Promise<void>
}

/** docker-registry, verdaccio and git over smart HTTP (`real`), or the sandbox's own servers in their place. */
export async function startFourRegistries(kind: 'real' | 'local', folder: string): Promise<FourRegistries> {
  const served = join(folder, 'served')
  mkdirSync(served, { recursive: true })
  const [oci, npm, git] = await Promise.all([
    kind === 'real' ? startDockerRegistry() : startOciRegistry(),
    kind === 'real' ? startVerdaccio() : startNpmRegistry({ token: LOCAL_TOKEN }),
    startGitHttp({ root: served, auth: GIT_LOGIN }),
  ])
  const [docker, packages, files] = await Promise.all(
    [oci, npm, git].map(({ url }) => startFaultProxy({ upstream: url })),
  )
  if (!docker || !packages || !files) throw new Error('a proxy did not start')
  const tap = createGitTap(join(served, 'acme/homebrew-tap.git'))
  const bucket = createGitTap(join(served, 'acme/scoop-bucket.git'))
  const image = { url: oci.url, repository: `acme/${APP}` }
  const token = 'token' in npm ? npm.token : LOCAL_TOKEN
  const target = { url: npm.url, host: npm.host, token }
  return {
    proxies: { docker, npm: packages, git: files },
    image,
    packages: target,
    tap,
    bucket,
    env: { TAP_LOGIN: `${GIT_LOGIN.user}:${GIT_LOGIN.secret}`, NPM_TOKEN: token },
    async publish(version) {
      tap.commit({ [`Formula/${APP}.rb`]: formulaText(version) }, `${APP} ${version}`)
      bucket.commit({ [`bucket/${APP}.json`]: scoopText(version) }, `${APP}: ${version}`)
      await publishImage(image, { version, tags: [version, 'latest', 'stable'] })
      await publishNpmPackage(target, { name: APP, version })
    },
    async close() {
      await Promise.all([docker, packages, files].map((proxy) => proxy.close()))
      await Promise.all([oci.close(), npm.close(), git.close()])
    },
  }
}

/** Lines under `rollback:`; short, so that a test of what fails does not wait for long. */
const LIMITS = `    retry: { attempts: 2, backoff: 50ms, max_backoff: 200ms, jitter: false }
    timeout: 10s
    request_timeout: 3s`

/** `bagboy.yaml` of a project that is published on all four, through the proxies. */
export function projectConfig({ proxies }: FourRegistries, rollback = '', limits = LIMITS): string {
  return `name: ${APP}
deployment:
  environment: production
  rollback:
${limits}
${rollback}
  registries:
    - format: docker
      registry: ${proxies.docker.host}/acme/${APP}
      tags: [latest, stable]
      insecure: true
    - format: npm
      registry: ${proxies.npm.url}
      token: \${env:NPM_TOKEN}
    - format: brew
      registry: acme/homebrew-tap
      remote: ${proxies.git.url}/acme/homebrew-tap.git
      credentials: \${env:TAP_LOGIN}
    - format: scoop
      registry: acme/scoop-bucket
      remote: ${proxies.git.url}/acme/scoop-bucket.git
      credentials: \${env:TAP_LOGIN}
`
}
