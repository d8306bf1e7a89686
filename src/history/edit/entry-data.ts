import type { Deployment, HealthRecord, Hold, PackageRecord } from '../../domain/deployment.ts'
import type { Json, JsonObject } from '../../domain/text/json.ts'

/** A deployment under the file's own keys, in the order in which they are written. Pure. */
export function deploymentData(deployment: Omit<Deployment, 'id'>, id: number): JsonObject {
  return present({
    id,
    kind: deployment.kind,
    version: deployment.version,
    from: deployment.from,
    run: deployment.run,
    timestamp: deployment.timestamp,
    finished: deployment.finished,
    commit: deployment.commit,
    environment: deployment.environment,
    status: deployment.status,
    actor: deployment.actor,
    reason: deployment.reason,
    incident: deployment.incident,
    trigger: deployment.trigger,
    health: healthOf(deployment),
    schema_version: deployment.schemaVersion,
    min_rollback_schema: deployment.minRollbackSchema,
    pinned: deployment.pinned,
    notes: deployment.notes,
    packages: deployment.packages.map(packageData),
    health_checks: deployment.healthChecks.length === 0 ? undefined : deployment.healthChecks.map(healthData),
  })
}

export function holdData(hold: Hold): JsonObject {
  return present({
    version: hold.version,
    environment: hold.environment,
    reason: hold.reason,
    by: hold.by,
    run: hold.run,
    at: hold.at,
    until: hold.until,
  })
}

function healthOf({ healthVerdict, healthWatched, healthDecision }: Omit<Deployment, 'id'>): JsonObject | undefined {
  const health = present({ verdict: healthVerdict, watched: healthWatched, decision: healthDecision })
  return Object.keys(health).length === 0 ? undefined : health
}

function packageData(record: PackageRecord): JsonObject {
  return present({
    format: record.format,
    registry: record.registry,
    name: record.name,
    status: record.status,
    ref: record.ref,
    before: record.before,
    pointer: record.pointer,
    verified_at: record.verifiedAt,
    duration_ms: record.durationMs,
  })
}

function healthData({ label, status, severity }: HealthRecord): JsonObject {
  const name = /^https?:\/\//u.test(label) ? { url: label } : { name: label }
  return present({ ...name, status, severity })
}

// What is not known is not written down, rather than written down as empty.
function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined && field[1] !== ''),
  )
}
