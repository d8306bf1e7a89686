import { basename, resolve } from 'node:path'
import type { Config, RegistryConfig } from '../config/config.ts'
import type { GitOrigin } from '../git/git-origin.ts'
import { parseGitRemote, problemOfRemote } from '../git/git-remote.ts'
import type { BoundTraffic } from '../planner/bind-traffic.ts'
import { secretReferences } from '../platform/fill-secrets.ts'
import type { AnyDriver } from '../registries/driver.ts'
import { healthParts } from './health-parts.ts'
import { npmrcParts } from './npmrc-parts.ts'
import { digestOf, sortParts, type TrustPart } from './trust-part.ts'

export interface TrustSources {
  readonly config: Config
  readonly drivers: readonly AnyDriver[]
  readonly traffic: BoundTraffic | null
  /** The project's folder, as it was named and without links. */
  readonly roots: readonly string[]
  /** The text of the project's `.npmrc`; empty without one. */
  readonly npmrc: string
  /** How the project's repository reaches its origin, when the lock is kept there. */
  readonly origin: GitOrigin | undefined
}

/**
 * Everything this project would have us run, and every secret and login that would leave for a host it names: computed
 * from the configuration alone, so that it is the same on every machine. Pure.
 */
export function trustParts(sources: TrustSources): readonly TrustPart[] {
  const { config, traffic, npmrc } = sources
  return sortParts([
    ...config.registries.flatMap((registry) => registryParts(registry, sources)),
    ...(config.registries.length === 0 ? [historyPart(config)] : []),
    ...npmrcParts(npmrc),
    ...healthParts(config),
    ...validationParts(config),
    ...deployParts(config),
    ...(traffic ? trafficParts(traffic) : []),
    ...lockParts(sources),
  ])
}

function registryParts(
  { format, registry, options }: RegistryConfig,
  { drivers, roots }: TrustSources,
): readonly TrustPart[] {
  const { remote } = options
  const where = typeof remote === 'string' ? remote : registry
  const driver = drivers.find((one) => one.format === format)
  const secrets = secretsIn(options).map((what): TrustPart => ({ kind: 'secret', what, where }))
  if (secrets.length > 0) return secrets
  const folder = problemOfRemote(where) === undefined ? parseGitRemote(where).folder : ''
  if (folder === '') return [{ kind: 'login', what: driver?.login ?? `your login for ${format}`, where, format }]
  // A repository on this disk takes no login. One that came along with the project has hooks that came along; the rules of
  // another one are its hooks, and a push past them would not be one.
  const isInside = roots.some((root) => `${resolve(folder)}/`.startsWith(`${root}/`))
  const part: TrustPart = { kind: 'program', what: 'git, with the hooks of that repository', where }
  return [isInside ? part : { ...part, repository: resolve(folder) }]
}

/** Without registries of its own a project has those of its history, which is not read for this. */
function historyPart({ history }: Config): TrustPart {
  return { kind: 'login', what: 'your logins for the registries that its history names', where: basename(history.file) }
}

function validationParts({ validation }: Config): readonly TrustPart[] {
  const { smokeTests, compatibility } = validation
  const where = 'smoke test of a target'
  return [
    ...(smokeTests?.words ? [program(smokeTests.words, where)] : []),
    ...secretsIn(smokeTests?.url).map((what): TrustPart => ({ kind: 'secret', what, where: smokeTests?.url ?? '' })),
    ...(compatibility.schemaWords ? [program(compatibility.schemaWords, 'schema of the live data')] : []),
  ]
}

function deployParts({ blueGreen }: Config): readonly TrustPart[] {
  const deploy = blueGreen?.deploy
  if (!deploy) return []
  const where = 'the deploy command'
  return [program(deploy.words, where), ...passed(deploy.env, where)]
}

function trafficParts({ provider, options }: BoundTraffic): readonly TrustPart[] {
  const where = `traffic by ${provider.title}`
  const programs = provider.programs?.(options) ?? []
  const { env = [] } = options as { readonly env?: readonly string[] }
  const all = JSON.stringify(options)
  return [
    ...programs.map((words) => program(words, where)),
    ...passed(env, where),
    ...secretsIn(options).map((what): TrustPart => ({ kind: 'secret', what, where })),
    { kind: 'request', what: `changes of ${provider.kind}`, where: all },
  ]
}

function lockParts({ config, origin }: TrustSources): readonly TrustPart[] {
  if (!config.lock.git) return []
  const where = config.lock.git.remote === '' ? (origin?.address ?? 'the origin') : config.lock.git.remote
  // Values are not shown: some of them are tokens.
  const settings = (origin?.settings ?? []).map(([key, value]): TrustPart => ({
    kind: 'program',
    what: `git with ${key}`,
    where: '.git/config',
    digest: digestOf(value),
  }))
  return [{ kind: 'login', what: 'your login for git', where }, ...settings]
}

function program(words: readonly string[], where: string): TrustPart {
  return { kind: 'program', what: words.join(' '), where, digest: digestOf(JSON.stringify(words)) }
}

function passed(names: readonly string[], where: string): readonly TrustPart[] {
  return names.map((name) => ({ kind: 'secret', what: `\${env:${name}}`, where }))
}

/** References to secrets anywhere in a value. */
function secretsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return secretReferences(value)
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(secretsIn)
}
