import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBlueGreen, type BlueGreenSite } from './blue-green.ts'
import { DEPLOY_PROGRAM, deployProgramText } from './blue-green-files.ts'
import { historyText } from './history-text.ts'
import { configText, npmrcText } from './project-files.ts'
import { IMAGE } from './publish-image.ts'
import { FORMULA, publishReleases, SCOOP_MANIFEST } from './publish-releases.ts'
import { APP } from './release-files.ts'
import type { SandboxRegistries } from './sandbox-registries.ts'
import { findScenario, type Scenario } from './scenarios.ts'
import { startApplication, type Application } from './servers/application.ts'
import { startNpmRegistry, type NpmRegistry } from './servers/npm/npm-registry.ts'
import { startOciRegistry, type OciRegistry } from './servers/oci/oci-registry.ts'
import { trustProject } from './trust-project.ts'
import { tellTimeline, type Happening } from './timeline.ts'

export interface SandboxOptions {
  /** It is made inside this folder. Default: the system's temporary one. */
  readonly folder?: string
  /** One of those in scenarios.ts. Default: `bad-release`. */
  readonly scenario?: string
  /** The present, RFC 3339. Default: the wall clock. */
  readonly now?: string
  /** Every answer of the two HTTP registries waits so long, so that there is something to watch. Default 0. */
  readonly latencyMs?: number
  /**
   * With a service that runs what the image's `stable` tag points at, and health checks that ask it. Default: without; a
   * scenario in two slots always has its own.
   */
  readonly isWatched?: boolean
}

/** A project with a bad release, and the four registries it is published on, all on this machine. */
export interface Sandbox {
  /** The project's folder, with `bagboy.yaml`. */
  readonly root: string
  /** What commands run in it need in their environment. */
  readonly env: Readonly<Record<string, string>>
  readonly urls: {
    /** `127.0.0.1:41234/acme/hello` */
    readonly image: string
    readonly packages: string
    /** Absolute paths of the bare repositories. */
    readonly tap: string
    readonly bucket: string
  }
  /** As the history writes them: `v1.17.0`. `lastGood` is empty when no earlier version is safe. */
  readonly versions: { readonly bad: string; readonly lastGood: string }
  /** `undefined` when nothing is watched. */
  readonly application: Pick<Application, 'url' | 'breakVersion'> | undefined
  /** The slots and the balancer before them; `undefined` in a scenario without. */
  readonly blueGreen: BlueGreenSite | undefined
  /** For people: where everything is, and how to look at it with each field's own client. */
  describe(): readonly string[]
  /** The file of the user that says that this project is trusted; removed at the end. */
  readonly trustRecord: string
  /** Stops the servers and removes the folder. May be called twice. */
  close(): Promise<void>
}

/** Of the application, so that an answer takes a time that can be seen. */
const APPLICATION_LATENCY_MS = 2

/** @throws USAGE for an unknown scenario or a folder whose path is too long, REGISTRY_UNREACHABLE without git */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const scenario = findScenario(options.scenario)
  const folder = await realpath(await mkdtemp(join(options.folder ?? tmpdir(), 'bagboy-demo-')))
  const { latencyMs = 0, now = new Date().toISOString(), isWatched = false } = options
  const packageToken = `npm_${randomBytes(18).toString('hex')}`
  const [images, packages] = await Promise.all([
    startOciRegistry({ latencyMs }),
    startNpmRegistry({ latencyMs, token: packageToken }),
  ])
  const servers: { close(): Promise<void> }[] = [images, packages]
  let trustRecord = ''
  const close = async () => {
    if (trustRecord !== '') await rm(trustRecord, { force: true })
    await Promise.all(servers.map((server) => server.close()))
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    const application = await startService(scenario, { folder, images, isWatched })
    if (application) servers.push(application)
    const blueGreen = application?.site
    const places = { serviceUrl: application?.url, blueGreen }
    const registries = registriesIn(folder, { images, packages, packageToken, ...places })
    const project = await fill(folder, tellTimeline(scenario.releases, now), registries, { images, packages })
    trustRecord = await trustProject(project.root)
    return { ...project, application, blueGreen, trustRecord, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The application as its users meet it: in two slots, in one place, or not at all. */
async function startService(
  { releases, placements }: Scenario,
  { folder, images, isWatched }: { readonly folder: string; readonly images: OciRegistry; readonly isWatched: boolean },
): Promise<(Pick<Application, 'url' | 'breakVersion' | 'close'> & { readonly site?: BlueGreenSite }) | undefined> {
  const bad = releases.flatMap(({ version, outcome }) =>
    outcome.kind === 'bad' ? [[version, outcome.failing] as const] : [],
  )
  const setting = { failing: new Map(bad), latencyMs: APPLICATION_LATENCY_MS }
  if (placements) return startBlueGreen({ ...setting, folder, placements })
  return isWatched ? startApplication({ ...setting, images: images.state }) : undefined
}

interface Servers extends Pick<SandboxRegistries, 'packageToken' | 'serviceUrl' | 'blueGreen'> {
  readonly images: OciRegistry
  readonly packages: NpmRegistry
}

function registriesIn(
  folder: string,
  { images, packages, packageToken, serviceUrl, blueGreen }: Servers,
): SandboxRegistries {
  return {
    names: {
      brew: 'acme/homebrew-tap',
      scoop: 'acme/scoop-bucket',
      docker: `${images.host}/${IMAGE}`,
      npm: packages.url,
    },
    tap: join(folder, 'acme/homebrew-tap.git'),
    bucket: join(folder, 'acme/scoop-bucket.git'),
    imageHost: images.host,
    packageUrl: packages.url,
    packageToken,
    serviceUrl,
    blueGreen,
  }
}

async function fill(
  folder: string,
  timeline: readonly Happening[],
  registries: SandboxRegistries,
  { images, packages }: { readonly images: OciRegistry; readonly packages: NpmRegistry },
): Promise<Omit<Sandbox, 'close' | 'application' | 'blueGreen' | 'trustRecord'>> {
  const { tap, bucket, names, blueGreen } = registries
  const published = await publishReleases(timeline, { images: images.state, packages: packages.state, tap, bucket })
  const root = join(folder, APP)
  const dockerConfig = join(folder, 'docker')
  await Promise.all([mkdir(join(root, '.bagboy'), { recursive: true }), mkdir(dockerConfig)])
  const bad = timeline.at(-1)?.release.version ?? ''
  const lastGood = timeline.findLast(({ release }) => release.outcome.kind === 'healthy')?.release.version
  const files: readonly (readonly [string, string])[] = [
    [join(root, 'bagboy.yaml'), configText(bad, registries)],
    [join(root, '.npmrc'), npmrcText(registries)],
    [join(root, '.bagboy/deployment-history.yml'), historyText(timeline, published, registries)],
    // So that the user's own credential helper is not asked about the sandbox.
    [join(dockerConfig, 'config.json'), '{}\n'],
    ...(blueGreen ? [[join(root, DEPLOY_PROGRAM), deployProgramText(blueGreen)] as const] : []),
  ]
  await Promise.all(files.map(([path, text]) => writeFile(path, text, { mode: 0o600 })))
  const urls = { image: names.docker, packages: names.npm, tap, bucket }
  return {
    root,
    env: { DOCKER_CONFIG: dockerConfig },
    urls,
    versions: { bad: `v${bad}`, lastGood: lastGood === undefined ? '' : `v${lastGood}` },
    describe: () => describe(root, urls, registries),
  }
}

function describe(
  root: string,
  { image, packages, tap, bucket }: Sandbox['urls'],
  { serviceUrl, blueGreen }: SandboxRegistries,
): readonly string[] {
  return [
    `project  ${root}`,
    `tap      git -C ${tap} show main:${FORMULA}`,
    `bucket   git -C ${bucket} show main:${SCOOP_MANIFEST}`,
    `image    skopeo inspect --tls-verify=false docker://${image}:latest`,
    `package  npm view ${APP} --registry ${packages}`,
    ...(serviceUrl === undefined ? [] : [`service  curl -i ${serviceUrl}/login`]),
    ...(blueGreen === undefined ? [] : describeSlots(blueGreen)),
  ]
}

function describeSlots({ slots, socket }: BlueGreenSite): readonly string[] {
  return [
    ...Object.entries(slots).map(([slot, url]) => `${slot.padEnd(9)}curl -i ${url}/login`),
    `balancer echo "show servers state" | socat stdio ${socket}`,
  ]
}
