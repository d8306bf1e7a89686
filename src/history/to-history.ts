import type { Deployment, DeploymentStatus, HealthRecord, Hold, PackageRecord } from '../domain/deployment.ts'
import type { DeploymentData, HoldData, PackageData } from './history-schema.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** An entry of the file as the rest of the program knows it. `isFirst` decides what an absent status means. */
export function toDeployment(data: DeploymentData, id: number, isFirst: boolean): Deployment {
  const deployment: Writable<Deployment> = {
    id,
    kind: data.kind ?? 'deploy',
    version: data.version,
    timestamp: data.timestamp,
    commit: data.commit ?? '',
    status: data.status ?? impliedStatus(isFirst),
    pinned: data.pinned ?? false,
    packages: (data.packages ?? []).map(toPackage),
    healthChecks: (data.health_checks ?? []).map(toHealthRecord),
  }
  const from = data.from ?? undefined
  if (from !== undefined) deployment.from = from
  setOptional(deployment, 'run', data.run)
  setOptional(deployment, 'finished', data.finished)
  setOptional(deployment, 'environment', data.environment)
  setOptional(deployment, 'actor', data.actor)
  setOptional(deployment, 'reason', data.reason)
  setOptional(deployment, 'incident', data.incident)
  setOptional(deployment, 'healthVerdict', data.health?.verdict)
  setOptional(deployment, 'trigger', data.trigger)
  setOptional(deployment, 'schemaVersion', data.schema_version)
  setOptional(deployment, 'minRollbackSchema', data.min_rollback_schema)
  setOptional(deployment, 'notes', data.notes)
  return deployment
}

/** Of an entry that has none: in the seed's form the first one is live. */
export function impliedStatus(isFirst: boolean): DeploymentStatus {
  return isFirst ? 'active' : 'superseded'
}

export function toHold(data: HoldData): Hold {
  const hold: Writable<Hold> = { version: data.version, reason: data.reason ?? '', at: data.at }
  setOptional(hold, 'by', data.by)
  setOptional(hold, 'run', data.run)
  setOptional(hold, 'until', data.until)
  return hold
}

function toPackage(data: PackageData): PackageRecord {
  const record: Writable<PackageRecord> = {
    format: data.format,
    registry: data.registry,
    name: data.name ?? '',
    status: data.status ?? 'unknown',
  }
  if (data.ref !== undefined) record.ref = data.ref
  if (data.before !== undefined) record.before = data.before
  setOptional(record, 'verifiedAt', data.verified_at)
  setOptional(record, 'durationMs', data.duration_ms)
  return record
}

function toHealthRecord(data: NonNullable<DeploymentData['health_checks']>[number]): HealthRecord {
  return { label: data.name ?? data.url ?? data.command ?? data.tcp ?? 'check', status: data.status ?? 'unknown' }
}

// A key that is absent stays absent: shapes are compared by value in many places.
function setOptional<T, Key extends keyof T>(target: T, key: Key, value: T[Key] | null | undefined): void {
  if (value !== undefined && value !== null) target[key] = value
}
