import {
  activeDeployment,
  nameIn,
  packageKey,
  type Deployment,
  type History,
  type PackageRecord,
  type PackageRef,
} from '../../domain/deployment.ts'
import { sameVersion, type Version } from '../../domain/version.ts'
import { BagboyError } from '../../errors/bagboy-error.ts'
import { deploymentIn } from '../../planner/slot-history.ts'
import { trafficPackage } from '../../planner/traffic-driver.ts'
import type { RecordPlan, RecordRequest } from './record-request.ts'
import type { EngineParts } from '../engine-parts.ts'
import { servedInstead } from './served-instead.ts'
import { captureEach } from './capture-each.ts'
import { capturePackage, configuredPackages, refuseHeld, requireVersion } from './capture-package.ts'

/** What a record would write, and what it has to say of it. */
export interface PreparedRecord extends RecordPlan {
  readonly version: Version
  readonly packages: readonly PackageRecord[]
}

/**
 * Reads the pin of every registry and whether it is what is served. Reads only.
 * @throws USAGE, TARGET_UNSAFE for a held version, REGISTRY_* when a pin cannot be read
 */
export async function prepareRecord(
  parts: EngineParts,
  request: RecordRequest,
  signal: AbortSignal,
): Promise<PreparedRecord> {
  const asked = requireVersion(request.version)
  const { history } = await parts.history.read()
  // One release has one spelling in the history.
  const version = mergeTarget(history, request, asked)?.version ?? asked
  refuseHeld(history, version, parts.platform.clock.now())
  const traffic = parts.boundTraffic ? trafficPackage(parts.boundTraffic, parts.config.app) : null
  const slot = traffic && (await findSlotRecord(parts, { request, version, history, ref: traffic }, signal))
  const refs = refsOf(parts, request).filter((ref) => traffic === null || packageKey(ref) !== packageKey(traffic))
  if (refs.length === 0 && slot?.record === undefined) throw nothingToRecord(parts, slot?.why)
  const ofSlot = slot?.record ? [slot.record] : []
  const { read, unread, notRead, notes } = await captureEach(
    parts,
    { refs, version, isOnly: ofSlot.length === 0 },
    signal,
  )
  const known = [...ofSlot, ...read]
  const others = await Promise.all(known.map((record) => servedInstead(parts, { record, version, history }, signal)))
  return {
    version,
    packages: [...known, ...unread],
    notServed: [...notes, ...others.flat()],
    notRead,
    slotNote: slot?.why ?? '',
    mergesInto: mergeTarget(history, request, version)?.id ?? null,
  }
}

/** The live entry of the same version, when only some packages are named: the others stay in it. Pure. */
export function mergeTarget(
  history: History,
  { packages }: Pick<RecordRequest, 'packages'>,
  version: Version,
): Deployment | undefined {
  const active = activeDeployment(history)
  return packages.length > 0 && active && sameVersion(active.version, version) ? active : undefined
}

/** Those that were recorded before, with the named ones in their place or behind them. Pure. */
export function mergePackages(
  known: readonly PackageRecord[],
  named: readonly PackageRecord[],
  app: string,
): readonly PackageRecord[] {
  const keyOf = (record: PackageRecord): string => packageKey(nameIn(record, app))
  const fresh = new Map(named.map((record) => [keyOf(record), record]))
  const kept = known.map((record) => fresh.get(keyOf(record)) ?? record)
  const added = named.filter((record) => !known.some((one) => keyOf(one) === keyOf(record)))
  return [...kept, ...added]
}

function refsOf({ config }: EngineParts, { packages }: RecordRequest): readonly PackageRef[] {
  if (packages.length === 0) return configuredPackages(config)
  return packages.map(({ format, registry, name = config.app }) => ({ format, registry, name }))
}

function nothingToRecord({ config }: EngineParts, why = ''): BagboyError {
  return new BagboyError(
    'CONFIG_INVALID',
    `${config.file} names no registries to record.${why === '' ? '' : ` ${why}`}`,
    {
      hint: 'List them under deployment.registries, or name them: --package npm=https://npm.example.com',
    },
  )
}

interface SlotQuestion {
  readonly request: RecordRequest
  readonly version: Version
  readonly history: History
  readonly ref: PackageRef
}

/**
 * Which slot runs the version: the one that is named, else the one with all the traffic, unless the history knows it with
 * another version. A provider knows where requests go, and not what answers them.
 */
async function findSlotRecord(
  parts: EngineParts,
  { request, version, history, ref }: SlotQuestion,
  signal: AbortSignal,
): Promise<{ readonly record?: PackageRecord; readonly why: string }> {
  const verifiedAt = parts.platform.clock.now()
  if (request.slot) return { record: { ...ref, status: 'deployed', ref: { slot: request.slot }, verifiedAt }, why: '' }
  const remedy = `Name the slot that runs ${version} to record it: --slot blue or --slot green.`
  try {
    const record = await capturePackage(parts, ref, version, signal)
    const { slots } = parts.registries(ref).driver
    const slot = slots?.ofPin(record.ref ?? null) ?? null
    const known = slots && slot !== null ? deploymentIn({ history, ref, slots }, slot) : undefined
    if (!known || sameVersion(known.version, version)) return { record, why: '' }
    return {
      why: `The traffic is at ${slot}, which runs ${known.version} by the history: no slot is recorded. ${remedy}`,
    }
  } catch (error) {
    if (!(error instanceof BagboyError) || error.code !== 'REGISTRY_REJECTED') throw error
    return { why: `${error.message}: no slot is recorded. ${remedy}` }
  }
}
