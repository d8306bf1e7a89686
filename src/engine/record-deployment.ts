import type { Config } from '../config/config.ts'
import {
  activeDeployment,
  holdOn,
  type Deployment,
  type History,
  type PackageRecord,
  type PackageRef,
} from '../domain/deployment.ts'
import { parseVersion, type Version } from '../domain/version.ts'
import { BagboyError } from '../errors/bagboy-error.ts'
import type { HistoryEdit } from '../history/history-store.ts'
import { trafficPackage } from '../planner/traffic-driver.ts'
import type { RecordRequest } from './engine.ts'
import { NEVER, type EngineParts } from './engine-parts.ts'

/**
 * Writes down what was just deployed, with the pin of every registry as it is served now.
 * @throws USAGE for a version that is none, TARGET_UNSAFE for a held one, REGISTRY_* when a pin cannot be read.
 */
export async function recordDeployment(
  parts: EngineParts,
  request: RecordRequest,
  signal: AbortSignal = NEVER,
): Promise<Deployment> {
  const version = requireVersion(request.version)
  const { history } = await parts.history.read()
  refuseHeld(history, version, parts.platform.clock.now())
  const refs = packagesOf(parts, request)
  const packages = await Promise.all(refs.map((ref) => capturePackage(parts, ref, version, signal)))
  const committed = await parts.history.commit(
    (loaded) => {
      const active = activeDeployment(loaded.history)
      const insert: HistoryEdit = { kind: 'insert', deployment: entry(parts, request, version, packages) }
      return active ? [insert, { kind: 'set-status', id: active.id, status: 'superseded' }] : [insert]
    },
    { run: '', epoch: 0, purpose: `record ${version}`, actor: parts.actor },
  )
  const recorded = committed.history.deployments.find(({ id }) => id === committed.deploymentId)
  if (recorded) return recorded
  throw new BagboyError('BUG', `The entry of ${version} is not in the history after its commit.`)
}

/** @throws TARGET_UNSAFE for a version that must not ship again */
export function refuseHeld(history: History, version: string, now: string): void {
  const hold = holdOn(history, version, now)
  if (!hold) return
  throw new BagboyError('TARGET_UNSAFE', `${version} is held since ${hold.at}: ${hold.reason}`, {
    hint: `It must not ship again. When it is fixed, lift the hold first: bagboy-tui versions unhold ${version}`,
  })
}

/** @throws USAGE */
export function requireVersion(text: string): Version {
  const version = parseVersion(text)
  if (version) return version
  throw new BagboyError('USAGE', `"${text}" is not a version.`, {
    hint: 'Name it as it was released: --version v1.3.0',
  })
}

function packagesOf({ config, boundTraffic }: EngineParts, { packages }: RecordRequest): readonly PackageRef[] {
  const named = packages.length > 0 ? namedPackages(config, packages) : configuredPackages(config)
  const traffic = boundTraffic ? trafficPackage(boundTraffic, config.app) : undefined
  const isNamed = named.some(({ format, registry }) => format === traffic?.format && registry === traffic.registry)
  // Where a version runs is part of it, whatever else of it is recorded.
  const chosen = traffic === undefined || isNamed ? named : [traffic, ...named]
  if (chosen.length === 0) {
    throw new BagboyError('CONFIG_INVALID', `${config.file} names no registries to record.`, {
      hint: 'List them under deployment.registries, or name them: --package npm=https://npm.example.com',
    })
  }
  return chosen
}

/** The packages of the configured registries, by the name of the app. */
export function configuredPackages({ registries, app }: Config): readonly PackageRef[] {
  return registries.map(({ format, registry }) => ({ format, registry, name: app }))
}

function namedPackages({ app }: Config, packages: RecordRequest['packages']): readonly PackageRef[] {
  return packages.map(({ format, registry, name = app }) => ({ format, registry, name }))
}

/** A package with its pin as the registry serves it now. @throws REGISTRY_* */
export async function capturePackage(
  { registries, contextFor, platform }: EngineParts,
  ref: PackageRef,
  version: Version,
  signal: AbortSignal,
): Promise<PackageRecord> {
  const registry = registries(ref)
  const pin = await registry.driver.capture({ package: ref, version }, contextFor(registry, signal))
  return { ...ref, status: 'deployed', ref: pin, verifiedAt: platform.clock.now() }
}

function entry(
  { config, platform, actor }: EngineParts,
  { commit, notes }: RecordRequest,
  version: Version,
  packages: readonly PackageRecord[],
): Omit<Deployment, 'id'> {
  return {
    kind: 'deploy',
    version,
    timestamp: platform.clock.now(),
    commit,
    environment: config.environment,
    status: 'active',
    actor,
    ...(notes === '' ? {} : { reason: notes }),
    pinned: false,
    packages,
    healthChecks: [],
  }
}
