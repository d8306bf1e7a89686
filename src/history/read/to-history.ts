import type { Deployment, DeploymentStatus, HealthRecord, Hold, PackageRecord } from '../../domain/deployment.ts'
import type { DeploymentData, HoldData, PackageData } from '../history-schema.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A deployment as it stands in the file; what the file leaves open is decided by its place there. */
export interface ParsedEntry {
  readonly deployment: Deployment
  readonly hasId: boolean
  readonly hasStatus: boolean
}

/** The deployment at its place. The very same object when the place changes nothing. */
export function numberEntry(entry: ParsedEntry, id: number, isFirst: boolean): ParsedEntry {
  const { deployment, hasStatus } = entry
  const status = hasStatus ? deployment.status : impliedStatus(isFirst)
  return deployment.id === id && deployment.status === status
    ? entry
    : { ...entry, deployment: { ...deployment, id, status } }
}

export function toEntry(data: DeploymentData): ParsedEntry {
  return { deployment: toDeployment(data), hasId: data.id !== undefined, hasStatus: data.status !== undefined }
}

function toDeployment(data: DeploymentData): Deployment {
  const deployment: Writable<Deployment> = {
    id: data.id ?? 0,
    kind: data.kind ?? 'deploy',
    version: data.version,
    timestamp: data.timestamp,
    commit: data.commit ?? '',
    status: data.status ?? impliedStatus(false),
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
  setOptional(deployment, 'healthWatched', data.health?.watched)
  setOptional(deployment, 'healthDecision', data.health?.decision)
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
  setOptional(hold, 'environment', data.environment)
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
  if (data.pointer !== undefined) record.pointer = data.pointer
  setOptional(record, 'verifiedAt', data.verified_at)
  setOptional(record, 'durationMs', data.duration_ms)
  return record
}

function toHealthRecord(data: NonNullable<DeploymentData['health_checks']>[number]): HealthRecord {
  const label = data.name ?? data.url ?? data.command ?? data.tcp ?? 'check'
  const record = { label, status: data.status ?? 'unknown' }
  return data.severity === 'warning' ? { ...record, severity: 'warning' } : record
}

// A key that is absent stays absent: shapes are compared by value in many places.
function setOptional<T, Key extends keyof T>(target: T, key: Key, value: T[Key] | null | undefined): void {
  if (value !== undefined && value !== null) target[key] = value
}
