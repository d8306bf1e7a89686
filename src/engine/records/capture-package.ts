import type { Config } from '../../config/config.ts'
import { holdOn, type History, type PackageRecord, type PackageRef } from '../../domain/deployment.ts'
import { parseVersion, type Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import type { EngineParts } from '../engine-parts.ts'

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

/** The packages of the configured registries, by the name of the app. */
export function configuredPackages({ registries, app }: Config): readonly PackageRef[] {
  return registries.map(({ format, registry }) => ({ format, registry, name: app }))
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
