import type { History, PackageRecord } from '../../domain/deployment.ts'
import { bareVersion, sameVersion, type Version } from '../../domain/version.ts'
import { inspectOne, type Inspection } from '../../planner/inspect-all.ts'
import { recordDifferences } from '../../planner/record-differences.ts'
import type { RecordPlan } from './record-request.ts'
import type { EngineParts } from '../engine-parts.ts'
import { isAtTarget } from '../rollback/reads/prove-exclusions.ts'

interface ToRecord {
  readonly record: PackageRecord
  readonly version: Version
  readonly history: History
}

/** What speaks against that a registry serves what would be recorded; empty when the pointer provably stands there. */
export async function servedInstead(
  { registries, contextFor, config }: EngineParts,
  { record, version, history }: ToRecord,
  signal: AbortSignal,
): Promise<RecordPlan['notServed']> {
  const { format, registry: address, name } = record
  const ref = { format, registry: address, name }
  const at = { version, pin: record.ref ?? null }
  const inspection = await inspectOne({ package: ref, from: at, to: at }, registries(ref), contextFor, signal)
  const { snapshot, error } = inspection
  if (!snapshot) return [{ package: ref, detail: `cannot be read: ${error.message}` }]
  if (isAt(inspection, snapshot)) return []
  // The configuration is as it should be; whether it is in force is unknown.
  if (isAt(inspection, { ...snapshot, isApplied: true })) {
    const why = snapshot.notAppliedNote ?? 'nothing proves that this is in force'
    return [{ package: ref, detail: `is set to ${bareVersion(version)}, but ${why}` }]
  }
  const { serving, pointer: observed } = snapshot
  if (serving === null) return [{ package: ref, detail: `serves something else than ${bareVersion(version)}` }]
  if (!sameVersion(serving, version)) {
    return [{ package: ref, detail: `serves ${bareVersion(serving)} instead of ${bareVersion(version)}` }]
  }
  const { registry } = inspection
  const differences = recordDifferences({ record, observed, registry, history, app: config.app }) ?? []
  const parts = differences.map(({ text }) => text).join('; ')
  const rest = parts === '' ? 'not every part of its pointer leads there' : parts
  return [{ package: ref, detail: `serves ${bareVersion(serving)}, but ${rest}` }]
}

function isAt({ subject, registry }: Inspection, snapshot: NonNullable<Inspection['snapshot']>): boolean {
  return isAtTarget(snapshot, subject, registry)
}
