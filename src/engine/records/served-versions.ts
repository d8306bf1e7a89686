import { activeDeployment, packageKey, type History, type PackageRef } from '../../domain/deployment.ts'
import type { Version } from '../../domain/version.ts'
import { inspectAll } from '../../planner/inspect-all.ts'
import { NEVER, type EngineParts } from '../engine-parts.ts'
import { configuredPackages } from './capture-package.ts'

/** The bare versions that the registries of the live release and of the configuration serve now. Reads only. */
export async function readServedVersions(
  parts: EngineParts,
  history: History,
  signal: AbortSignal = NEVER,
): Promise<readonly string[]> {
  const { config } = parts
  const recorded = activeDeployment(history)?.packages ?? []
  const refs = [...recorded.map((ref) => named(ref, config.app)), ...configuredPackages(config)]
  const distinct = new Map(refs.map((ref) => [packageKey(ref), ref]))
  // No particular version is requested: the answer is about the version that is served.
  const subjects = [...distinct.values()].map((ref) => {
    const at = { version: (activeDeployment(history)?.version ?? '0.0.0') as Version, pin: null }
    return { package: ref, from: at, to: at }
  })
  const inspections = await inspectAll(subjects, {
    registries: parts.registries,
    contextFor: parts.contextFor,
    parallelism: config.rollback.parallelism,
    signal,
  })
  return [...new Set(inspections.flatMap(({ snapshot }) => snapshot?.serving ?? []))]
}

function named({ format, registry, name }: PackageRef, app: string): PackageRef {
  return { format, registry, name: name === '' ? app : name }
}
