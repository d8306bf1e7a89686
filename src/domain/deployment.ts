import type { Json, JsonObject } from './text/json.ts'
import { sameVersion, type Version } from './version.ts'

/** RFC 3339, UTC, milliseconds optional. */
export type Timestamp = string

export type DeploymentStatus = 'active' | 'superseded' | 'rolled_back_from' | 'failed' | 'partial' | 'pruned'
export type DeploymentKind = 'deploy' | 'rollback' | 'reissue' | 'undo'
export type PackageStatus =
  | 'deployed'
  | 'already'
  | 'skipped'
  | 'failed'
  | 'unknown'
  | 'manual'
  | 'not_in_target'
  | 'rolled_back'

/** What names one package: its format, where it is published, and its name there. */
export interface PackageRef {
  readonly format: string
  readonly registry: string
  readonly name: string
}

/** `name` is empty where the file gives none (the seed's form): it is then the app's own name. */
export interface PackageRecord extends PackageRef {
  readonly status: PackageStatus
  /** The pin: the immutable thing the pointer led to, in the driver's own form. `undefined` = not captured. */
  readonly ref?: Json
  /** What `undo` restores, in the driver's own form. */
  readonly before?: Json
  /** The whole pointer as a run read it back, in the driver's own form: it may say more than the pin, or another thing. */
  readonly pointer?: Json
  readonly verifiedAt?: Timestamp
  readonly durationMs?: number
}

export interface HealthRecord {
  readonly label: string
  readonly status: string
  /** Of a check that decides nothing; absent for every other one. */
  readonly severity?: 'warning'
}

export interface Deployment {
  /** Explicit in files we write; counted from the oldest entry in the seed's form. Never reused. */
  readonly id: number
  readonly kind: DeploymentKind
  readonly version: Version
  readonly from?: Version
  readonly run?: string
  readonly timestamp: Timestamp
  readonly finished?: Timestamp
  readonly commit: string
  readonly environment?: string
  readonly status: DeploymentStatus
  readonly actor?: JsonObject
  readonly reason?: string
  readonly incident?: string
  readonly healthVerdict?: string
  /** How long it was watched for that verdict: `10m`. */
  readonly healthWatched?: string
  /** What was decided last about leaving it by itself, when nothing came of it, and from what. */
  readonly healthDecision?: JsonObject
  /** What set an automatic rollback off. */
  readonly trigger?: JsonObject
  /** Of the data the version works on. */
  readonly schemaVersion?: number
  /** The oldest data schema that may be live during a rollback to this version. */
  readonly minRollbackSchema?: number
  readonly notes?: string
  readonly pinned: boolean
  readonly packages: readonly PackageRecord[]
  readonly healthChecks: readonly HealthRecord[]
}

/** A version that must not ship again. */
export interface Hold {
  readonly version: Version
  /** Where it must not ship; absent: in every environment. */
  readonly environment?: string
  readonly reason: string
  readonly by?: string
  readonly run?: string
  readonly at: Timestamp
  readonly until?: Timestamp
}

/** What stands in a history file, of every environment that shares it. Newest first. */
export interface FileHistory {
  readonly schema: number
  readonly deployments: readonly Deployment[]
  readonly held: readonly Hold[]
}

/** The part of it that is about one environment (`environmentHistory`): what is live is a question about this one only. */
export interface History extends FileHistory {
  readonly environment: string
}

/** A package under its own name: where the file gives none, it is that of the app. Pure. */
export function nameIn({ format, registry, name }: PackageRef, app: string): PackageRef {
  return { format, registry, name: name === '' ? app : name }
}

/** The key under which a package of one deployment is found in another. */
export function packageKey(ref: PackageRef): string {
  return `${ref.format}:${ref.registry}:${ref.name}`
}

/**
 * The pointer that a run has read back of a package that is at the version of its entry. What an undo has put back where
 * it was found is no pointer of that version. Pure.
 */
export function pointerOfVersion({ status, pointer }: Pick<PackageRecord, 'status' | 'pointer'>): Json | undefined {
  return status === 'deployed' || status === 'already' ? pointer : undefined
}

export function activeDeployment(history: History): Deployment | undefined {
  return history.deployments.find((deployment) => deployment.status === 'active')
}

/** The hold in force on a version, written with or without its `v`, at `now` (RFC 3339). */
export function holdOn(history: History, version: string, now: Timestamp): Hold | undefined {
  return history.held.find(
    (hold) => sameVersion(hold.version, version) && (hold.until === undefined || hold.until > now),
  )
}

/** A recorded verdict decides; without one, any failing check that is no mere warning counts against it. */
export function isUnhealthy(deployment: Deployment): boolean {
  const { healthVerdict } = deployment
  return healthVerdict === undefined ? failingChecks(deployment).length > 0 : healthVerdict !== 'healthy'
}

/** The checks that count and failed; a warning is only shown. */
export function failingChecks({ healthChecks }: Deployment): readonly HealthRecord[] {
  return healthChecks.filter(({ status, severity }) => status === 'failing' && severity !== 'warning')
}
