import { ALWAYS_TRUSTED } from './always-trusted.ts'
import { join } from 'node:path'
import type { Approver } from '../../../src/approval/ask.ts'
import type { Config, RegistryConfig } from '../../../src/config/config.ts'
import type { Deployment, History } from '../../../src/domain/deployment.ts'
import { createEngine } from '../../../src/engine/create-engine.ts'
import type { EngineParts } from '../../../src/engine/engine-parts.ts'
import { createMadePlans } from '../../../src/engine/rollback/remake/made-plans.ts'
import type { Engine, RollbackRequest, RunHandle } from '../../../src/engine/engine.ts'
import type { Stamped } from '../../../src/events/events.ts'
import { environmentStore, type EnvironmentStore } from '../../../src/history/environment-store.ts'
import { createHistoryStore } from '../../../src/history/yaml-history.ts'
import type { Journal, JournalStore } from '../../../src/journal/journal.ts'
import { createCommandBox } from '../../../src/journal/command-box.ts'
import { createJournalStore } from '../../../src/journal/file-journal.ts'
import { createLockStore } from '../../../src/lock/epoch-lock.ts'
import { lockName } from '../../../src/lock/lock-name.ts'
import { openLockFolder } from '../../../src/lock/lock-folder.ts'
import type { BoundTraffic } from '../../../src/planner/bind-traffic.ts'
import { bindRegistries } from '../../../src/planner/bind-registries.ts'
import { createNodePlatform } from '../../../src/platform/node/create-platform.ts'
import type { Platform } from '../../../src/platform/platform.ts'
import type { AnyDriver } from '../../../src/registries/driver.ts'
import { aDeployment } from '../builders/a-history.ts'
import { createMemoryWorld, type MemoryWorld } from '../registries/memory-driver.ts'
import { NO_HEALTH } from './no-health.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { openKeyRing, type KeyRing } from '../../../src/signing/key-ring.ts'

export interface EngineFixture {
  readonly engine: Engine
  readonly world: MemoryWorld
  readonly folder: string
  readonly history: EnvironmentStore
  readonly journals: JournalStore
  readHistory(): Promise<History>
  /** Of another process on the same folder, which has made no plan. */
  readonly parts: EngineParts
  /** A second process on the same folder: another engine over the same files. */
  another(): Engine
}

export interface FixtureOptions {
  readonly registries?: readonly string[]
  readonly config?: Partial<Config['rollback']>
  readonly health?: Partial<Config['health']>
  readonly validation?: Partial<Config['validation']>
  readonly folder?: string
  readonly world?: MemoryWorld
  /** Wraps every journal that is opened. */
  readonly wrapJournal?: (journal: Journal) => Journal
  readonly platform?: Platform
  /** Instead of the world's own. */
  readonly driver?: AnyDriver
  /** Registries of a first group that goes ahead of the others. */
  readonly lead?: readonly string[]
  /** Registries that only a person may write to. */
  readonly manual?: readonly string[]
  /** `false`: a project that is there already, in any state. */
  readonly seedIfEmpty?: boolean
  readonly traffic?: BoundTraffic
  /** Whose machine it is. */
  readonly keys?: KeyRing
  readonly blueGreen?: Config['blueGreen']
  readonly environment?: string
}

/** The memory format once more, in a group that goes ahead. */
const LEAD = 'lead'
const REGISTRIES = ['one', 'two', 'three', 'four']

/** v1.3.0 is live on every registry, v1.2.0 and v1.1.0 came before; real files, a memory registry. */
export async function createEngineFixture(options: FixtureOptions = {}): Promise<EngineFixture> {
  const names = options.registries ?? REGISTRIES
  const folder = options.folder ?? temporaryFolder('engine')
  const world = options.world ?? createMemoryWorld('v1.3.0')
  const platform = options.platform ?? createNodePlatform()
  const { files } = platform
  const keys = options.keys ?? openKeyRing(platform)
  const bagboy = join(folder, '.bagboy')
  const deploys = join(bagboy, 'deploys')
  const manual = (options.manual ?? []).map((registry) => aManualRegistry(registry))
  const config = { ...aConfig(folder, options), registries: manual }
  const history = environmentStore(createHistoryStore({ files, file: config.history.file, folder: bagboy }), config)
  const journals = wrap(
    createJournalStore({ files, keys, clock: platform.clock, folder: join(bagboy, 'runs') }),
    options.wrapJournal,
  )

  const driver = options.driver ?? world.driver
  const parts: Omit<EngineParts, 'madePlans' | 'automaticRuns'> = {
    config,
    platform,
    trust: ALWAYS_TRUSTED,
    history,
    journals,
    deploys: {
      journals: createJournalStore({ files, keys, clock: platform.clock, folder: deploys }),
      commands: createCommandBox({ files, keys, folder: deploys }),
    },
    boundTraffic: options.traffic ?? null,
    lock: createLockStore({
      platform,
      storage: openLockFolder(files, join(bagboy, 'locks', lockName(config))),
      subject: config,
      ...config.lock,
    }),
    registries: bindRegistries(config, [driver, { ...driver, format: LEAD, group: 1, runsBeforePreflight: true }]),
    contextFor: (registry, signal) => ({
      platform,
      options: registry.options,
      signal,
      timeoutMs: config.rollback.requestTimeoutMs,
      root: folder,
      cacheFolder: join(bagboy, 'cache'),
      oneTimePassword: () => Promise.resolve(''),
    }),
    actor: { user: 'operator', via: 'os', host: 'test-host' },
    tool: 'test',
  }
  const make = () => createEngine(parts)

  if (options.seedIfEmpty !== false && (await history.read()).history.deployments.length === 0)
    await seed(history, names, options.lead)
  return {
    engine: make(),
    world,
    folder,
    history,
    journals,
    readHistory: async () => (await history.read()).history,
    parts: { ...parts, madePlans: createMadePlans(), automaticRuns: new Map() },
    another: make,
  }
}

async function seed(history: EnvironmentStore, names: readonly string[], lead: readonly string[] = []): Promise<void> {
  const versions = ['v1.1.0', 'v1.2.0', 'v1.3.0']
  for (const version of versions) {
    const { id: _id, ...deployment }: Deployment = aDeployment(version, {
      environment: 'production',
      status: version === 'v1.3.0' ? 'active' : 'superseded',
      packages: names.map((registry) => ({
        format: lead.includes(registry) ? LEAD : 'memory',
        registry,
        name: 'hello',
        status: 'deployed',
        ref: { version },
      })),
    })
    const note = { run: '', epoch: 0, purpose: 'seed', actor: {} }
    await history.commit(() => [{ kind: 'insert', deployment }], note)
  }
}

function wrap(store: JournalStore, wrapJournal: FixtureOptions['wrapJournal']): JournalStore {
  if (!wrapJournal) return store
  return {
    ...store,
    create: async (run, plan) => wrapJournal(await store.create(run, plan)),
    reopen: async (run, assertHeld, mode) => {
      const taken = await store.reopen(run, assertHeld, mode)
      return { ...taken, journal: wrapJournal(taken.journal) }
    },
  }
}

function aManualRegistry(registry: string): RegistryConfig {
  return { format: 'memory', registry, options: { mode: 'manual' }, locationOf: () => 'bagboy.yaml:1:1' }
}

function aConfig(
  root: string,
  { config: rollback, health, validation, blueGreen, environment }: FixtureOptions,
): Config {
  return {
    file: join(root, 'bagboy.yaml'),
    root,
    hash: 'config-hash',
    app: 'hello',
    version: '',
    environment: environment ?? 'production',
    fileEnvironment: environment ?? 'production',
    releaseTag: null,
    inert: [],
    history: { file: join(root, '.bagboy', 'deployment-history.yml'), keep: 25, keepHealthy: 3 },
    rollback: {
      hold: true,
      parallelism: 4,
      timeoutMs: 2000,
      requestTimeoutMs: 100,
      settleWindowMs: 40,
      requireReason: false,
      onPartialFailure: 'pause',
      retry: { attempts: 3, backoffMs: 1, maxBackoffMs: 5, jitter: false },
      ...rollback,
    },
    health: { ...NO_HEALTH.health, ...health },
    validation: { ...NO_HEALTH.validation, ...validation },
    lock: { ttlMs: 60_000, heartbeatMs: 10_000, waitMs: 0 },
    registries: [],
    blueGreen: blueGreen ?? null,
  }
}

export const aRequest = (target: string, over: Partial<RollbackRequest> = {}): RollbackRequest => ({
  target,
  only: [],
  except: [],
  reason: '5xx after deploy',
  incident: '',
  overrides: [],
  ...over,
})

/** Takes the default of every question, as a run without an operator does. */
export const defaultApprover: Approver = { ask: (question) => Promise.resolve(question.default) }

export async function collect(handle: RunHandle): Promise<readonly Stamped[]> {
  const events: Stamped[] = []
  for await (const event of handle) events.push(event)
  return events
}
