import { join } from 'node:path'
import type { Config } from './config/config.ts'
import { loadConfig } from './config/load-config.ts'
import { createEngine } from './engine/create-engine.ts'
import { DEPLOY_WORDS } from './engine/deploy/deploy-words.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineParts } from './engine/engine-parts.ts'
import { BagboyError } from './errors/bagboy-error.ts'
import { environmentStore } from './history/environment-store.ts'
import { createHistoryStore } from './history/yaml-history.ts'
import type { StampedDeploy } from './events/deploy-events.ts'
import { createCommandBox } from './journal/command-box.ts'
import { createJournalStore } from './journal/file-journal.ts'
import { createLockStore } from './lock/epoch-lock.ts'
import { openLockFolder } from './lock/lock-folder.ts'
import type { LockStorage } from './lock/lock-storage.ts'
import { lockName } from './lock/lock-name.ts'
import { succeedLock } from './lock/succeed-lock.ts'
import { openLockRemote } from './lock/lock-remote.ts'
import { readActiveSlot } from './planner/active-slot.ts'
import { bindRegistries } from './planner/bind-registries.ts'
import { bindTraffic, type BoundTraffic } from './planner/bind-traffic.ts'
import { trafficDriver } from './planner/traffic-driver.ts'
import { cacheFolderOf } from './platform/cache-folder.ts'
import type { Platform } from './platform/platform.ts'
import { drivers } from './registries/index.ts'
import { containFiles } from './state-folder/contained-files.ts'
import { openKeyRing, type KeyRing } from './signing/key-ring.ts'
import { providers } from './traffic/index.ts'
import { findOwnConfig } from './trust/find-own-config.ts'
import { guardPlatform } from './trust/guard-platform.ts'
import { openTrust } from './trust/open-trust.ts'

/** Written into the journal; the bundle carries the package's own version. */
export const TOOL = 'bagboy-tui'

export interface AppOptions {
  readonly cwd: string
  readonly configFile?: string
  readonly environment?: string
  /** Instead of `lock.wait`. */
  readonly lockWaitMs?: number
  /** Instead of `rollback.timeout`: for one registry. */
  readonly stepTimeoutMs?: number
}

export interface App {
  readonly engine: Engine
  readonly config: Config
  /** The switch between the slots; `null` when none is configured. */
  readonly traffic: BoundTraffic | null
}

/**
 * The composition root: the only place that knows every concrete store and driver.
 * @throws CONFIG_NOT_FOUND, CONFIG_INVALID, NOT_TRUSTED for a configuration that is found above and is another user's
 */
export async function openApp(real: Platform, options: AppOptions): Promise<App> {
  const { cwd, configFile, environment } = options
  const { env, host } = real
  const file = configFile ?? (await findOwnConfig(real, cwd))
  if (file === undefined) {
    throw new BagboyError('CONFIG_NOT_FOUND', `No bagboy.yaml in ${cwd} or a folder above it.`, {
      hint: 'Change into the project, or name the file: --config FILE. To try the program: bagboy-tui demo',
    })
  }
  const loaded = await loadConfig({
    files: real.files,
    file,
    env,
    ...(environment === undefined ? {} : { environment }),
  })
  const config = withLimits(loaded, options)
  const traffic = bindTraffic(config, providers)
  const folder = join(config.root, '.bagboy')
  // Nothing of the folder for state is read or written behind a link that leads out of it.
  const files = containFiles(real.files, folder)
  const contained: Platform = { ...real, files }
  const trust = await openTrust(contained, { config, drivers, traffic })
  // From here on nothing the project names is run, and none of its secrets read, but through this.
  const platform = guardPlatform(contained, trust.port)
  const anonymous = guardPlatform(contained, trust.chosenPort)
  const cacheFolder = cacheFolderOf(platform, (await files.realPath(config.root)) ?? config.root)
  const keys = openKeyRing(platform)
  const engine = createEngine({
    config,
    platform,
    trust,
    history: environmentStore(createHistoryStore({ files, file: config.history.file, folder, cacheFolder }), config),
    journals: createJournalStore({ files, clock: platform.clock, keys, folder: join(folder, 'runs') }),
    deploys: createDeployStore(platform, keys, join(folder, 'deploys')),
    boundTraffic: traffic,
    activeSlot: (signal) => readActiveSlot(traffic, { platform, config, signal }),
    lock: createLockStore({
      platform,
      storage: lockStorage(platform, config, { folder, cacheFolder }),
      subject: config,
      ...config.lock,
    }),
    registries: bindRegistries(config, traffic ? [trafficDriver(traffic), ...drivers] : drivers),
    contextFor: (registry, signal) => ({
      platform: registry.isConfigured ? platform : anonymous,
      options: registry.options,
      signal,
      timeoutMs: config.rollback.requestTimeoutMs,
      root: config.root,
      cacheFolder,
      oneTimePassword: () => Promise.resolve(''),
    }),
    actor: { user: host.user, via: 'os', host: host.name },
    tool: TOOL,
  })
  return { engine, config, traffic }
}

function createDeployStore({ files, clock }: Platform, keys: KeyRing, folder: string): EngineParts['deploys'] {
  const journals = createJournalStore<StampedDeploy>({ files, clock, keys, folder, words: DEPLOY_WORDS })
  return { journals, commands: createCommandBox({ files, keys, folder }) }
}

function lockStorage(
  platform: Platform,
  config: Config,
  { folder, cacheFolder }: { readonly folder: string; readonly cacheFolder: string },
): LockStorage {
  const { git } = config.lock
  const name = lockName(config)
  if (!git) {
    const open = (path: string): LockStorage => openLockFolder(platform.files, path)
    return succeedLock(open(join(folder, 'locks', ...name.split('/'))), open(join(folder, 'locks')))
  }
  const open = (refPrefix: string): LockStorage =>
    openLockRemote({ platform, root: config.root, cacheFolder, remote: git.remote, refPrefix })
  return succeedLock(open(`${git.refPrefix}/${name}`), open(git.refPrefix))
}

function withLimits(config: Config, { lockWaitMs, stepTimeoutMs }: AppOptions): Config {
  const timeoutMs = stepTimeoutMs ?? config.rollback.timeoutMs
  return {
    ...config,
    lock: { ...config.lock, waitMs: lockWaitMs ?? config.lock.waitMs },
    rollback: {
      ...config.rollback,
      timeoutMs,
      requestTimeoutMs: Math.min(config.rollback.requestTimeoutMs, timeoutMs),
      settleWindowMs: Math.min(config.rollback.settleWindowMs, timeoutMs / 2),
    },
  }
}
