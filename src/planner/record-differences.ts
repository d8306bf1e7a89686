import {
  nameIn,
  packageKey,
  pointerOfVersion,
  type History,
  type PackageRecord,
  type PackageRef,
} from '../domain/deployment.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Json } from '../domain/text/json.ts'
import { shortHash } from '../domain/pin-text.ts'
import { comparePointers, partAt, type PointerDifference } from '../domain/pointer-differences.ts'
import { bareVersion, type Version } from '../domain/version.ts'
import type { BoundRegistry } from './bind-registries.ts'

/** A package as it was recorded, and its pointer as it was read. */
export interface RecordedCase {
  readonly record: PackageRecord
  readonly observed: Json
  readonly registry: BoundRegistry
  readonly history: History
  readonly app: string
}

/** A part of a pointer that does not lead where the history says. */
export interface RecordDifference {
  /** `stable`, `latest of hello-linux`, `Formula/hello.rb`. */
  readonly part: string
  /** The version the history knows it by; `null` when it knows none. */
  readonly version: Version | null
  /** `stable leads to 1.2.0`. */
  readonly text: string
}

/**
 * What a registry serves that is not what the history records: of every tag, every package of a set, and every deprecation
 * that a run has written. `undefined`: the record says nothing that could be compared. Pure.
 */
export function recordDifferences(given: RecordedCase): readonly RecordDifference[] | undefined {
  const expected = recordedPointer(given.record, given)
  if (expected === null) return undefined
  const { differences, comparedCount } = comparePointers(expected, given.observed)
  return comparedCount === 0 ? undefined : differences.map((one) => describe(one, given))
}

/** What a run has read back when it wrote the entry; else what the pin stands for. */
function recordedPointer(
  recorded: Pick<PackageRecord, 'status' | 'pointer' | 'ref'>,
  { record, registry, observed, app }: RecordedCase,
): Json {
  const { ref } = recorded
  const pointer = pointerOfVersion(recorded)
  if (pointer !== undefined) return pointer
  if (ref === undefined) return null
  const { driver, options } = registry
  return driver.pointerOf?.({ package: nameIn(record, app), pin: ref, pointer: observed, options }) ?? null
}

function describe(difference: PointerDifference, given: RecordedCase): RecordDifference {
  const { path, observed } = difference
  const part = partName(path)
  const version = versionAt(difference, given)
  if (observed === null) return { part, version: null, text: `${part} is gone` }
  const text = typeof observed === 'string' ? observed : JSON.stringify(observed)
  const isText = path.includes('deprecated')
  const shown = version === null ? sanitize(shortHash(text), 80) : bareVersion(version)
  return { part, version, text: isText ? `${part} reads "${shown}"` : `${part} leads to ${shown}` }
}

/** `['hello', 'tags', 'latest']` → `latest of hello`. */
function partName(path: readonly string[]): string {
  const name = sanitize(path.at(-1) ?? '', 200)
  if (path.includes('deprecated')) return `the deprecation of ${sanitize(path[0] ?? '', 200)}@${name}`
  const owner = path.length > 2 ? path[0] : undefined
  return owner === undefined ? name : `${name} of ${sanitize(owner, 200)}`
}

/** The newest deployment in which this part led there. */
function versionAt({ path, observed }: PointerDifference, given: RecordedCase): Version | null {
  const found = given.history.deployments.find(({ packages }) => {
    const other = packages.find((one) => isSame(one, given.record, given.app))
    return other !== undefined && observed !== null && partAt(recordedPointer(other, given), path) === observed
  })
  return found?.version ?? null
}

function isSame(one: PackageRef, other: PackageRef, app: string): boolean {
  return packageKey(nameIn(one, app)) === packageKey(nameIn(other, app))
}
