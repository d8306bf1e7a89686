import { z } from 'zod'
import { parseVersion } from '../domain/version.ts'
import { sanitize } from '../domain/text/sanitize.ts'
import type { Json, JsonObject } from '../domain/text/json.ts'

/** The newest format this program reads and writes. */
export const HISTORY_SCHEMA = 1

export const DEPLOYMENT_STATUSES = ['active', 'superseded', 'rolled_back_from', 'failed', 'partial', 'pruned'] as const
const KINDS = ['deploy', 'rollback', 'reissue', 'undo'] as const
const PACKAGE_STATUSES = [
  'deployed',
  'already',
  'skipped',
  'failed',
  'unknown',
  'manual',
  'not_in_target',
  'rolled_back',
] as const

const TIMESTAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?Z$/u
const RUN_ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/u

/** Nearly every value; what is left goes through the full look. */
const PRINTABLE = /^[ -~]{0,500}$/u

const json = z.custom<Json>((value) => value !== undefined)
const shownObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'write a map of keys',
  })
  .transform((value) => Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)])))

/** What `@12` can name, and far below where adding one changes nothing. */
const LAST_ID = 999_999_999

function onOneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').join(' ')
}

// The functions take the kind of text: plain strings first, which is what nearly every entry has and costs least.
const freeTextOf = (text: Text) =>
  text.transform((value) => (PRINTABLE.test(value) ? value : String(sanitize(onOneLine(value)))))
const exactTextOf = (text: Text) =>
  text.refine((value) => PRINTABLE.test(value) || sanitize(value) === value, {
    error: 'take the control or invisible characters out',
  })
const versionOf = (text: Text) =>
  text.transform((value, context) => {
    const parsed = parseVersion(value)
    if (parsed) return parsed
    context.addIssue({ code: 'custom', message: 'write letters, digits and . + _ - only, as in "v1.2.0"' })
    return z.NEVER
  })
const timestampOf = (text: Text) =>
  text.refine((value) => TIMESTAMP.test(value), { error: 'write it in UTC, as in "2026-02-01T18:42:10Z"' })
const runOf = (text: Text) =>
  text.refine((value) => RUN_ID.test(value), { error: 'write letters, digits and . _ - only' })
const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish()

type Text = z.ZodType<string>

function schemasWith(text: Text) {
  const [freeText, exactText, version, timestamp] = [
    freeTextOf(text),
    exactTextOf(text),
    versionOf(text),
    timestampOf(text),
  ]
  const packageEntry = z.object({
    format: exactText,
    registry: exactText,
    name: exactText.nullish(),
    status: z.enum(PACKAGE_STATUSES).optional(),
    ref: json.optional(),
    before: json.optional(),
    pointer: json.optional(),
    verified_at: timestamp.nullish(),
    duration_ms: z.number().nonnegative().nullish(),
  })
  const healthCheck = z.object({
    name: freeText.nullish(),
    url: freeText.nullish(),
    command: freeText.nullish(),
    tcp: freeText.nullish(),
    status: freeText.nullish(),
    severity: freeText.nullish(),
  })
  const deployment = z.object({
    id: z.int().positive().max(LAST_ID).optional(),
    kind: z.enum(KINDS).optional(),
    version,
    from: version.nullish(),
    run: runOf(text).nullish(),
    timestamp,
    finished: timestamp.nullish(),
    commit: freeText.nullish(),
    environment: exactText.nullish(),
    status: z.enum(DEPLOYMENT_STATUSES).optional(),
    actor: shownObject.nullish(),
    reason: freeText.nullish(),
    incident: freeText.nullish(),
    trigger: shownObject.nullish(),
    health: z
      .object({ verdict: freeText.nullish(), watched: freeText.nullish(), decision: shownObject.nullish() })
      .nullish(),
    schema_version: z.int().nullish(),
    min_rollback_schema: z.int().nullish(),
    pinned: z.boolean().nullish(),
    notes: freeText.nullish(),
    packages: listOf(packageEntry),
    health_checks: listOf(healthCheck),
  })
  const hold = z.object({
    version,
    environment: exactText.nullish(),
    reason: freeText.nullish(),
    by: freeText.nullish(),
    run: runOf(text).nullish(),
    at: timestamp,
    until: timestamp.nullish(),
  })
  return { deployment, hold }
}

const plain = schemasWith(z.string())
/** A number is taken as it was written; the readers keep every other spelling of one as text already. */
const tolerant = schemasWith(z.union([z.string(), z.number().transform(String)]))

export type DeploymentData = z.output<typeof plain.deployment>
export type PackageData = NonNullable<DeploymentData['packages']>[number]
export type HoldData = z.output<typeof plain.hold>

export const DEPLOYMENT_KEYS: ReadonlySet<string> = new Set(Object.keys(plain.deployment.shape))

export function checkDeployment(data: Json): z.ZodSafeParseResult<DeploymentData> {
  const result = plain.deployment.safeParse(data)
  return result.success ? result : tolerant.deployment.safeParse(data)
}

export function checkHold(data: Json): z.ZodSafeParseResult<HoldData> {
  return tolerant.hold.safeParse(data)
}

export const schemaNumber = z.int().positive()
export const lineageText = exactTextOf(z.string())

function shown(value: Json): Json {
  if (typeof value === 'string') return PRINTABLE.test(value) ? value : sanitize(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(shown)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [sanitize(key, 80), shown(inner)]))
}
