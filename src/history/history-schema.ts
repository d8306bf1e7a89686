import { z } from 'zod'
import { parseVersion } from '../domain/version.ts'
import { untrusted } from '../domain/display.ts'
import type { Json, JsonObject } from '../domain/json.ts'

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

/** A text; a number is taken as it was written (the readers keep every other spelling as text already). */
const text = z.union([z.string(), z.number().transform(String)])
/** Free text from people and foreign tools, on one line and safe to show. */
const freeText = text.transform((value) =>
  PRINTABLE.test(value) ? value : String(untrusted(value.trim().replace(/\s*\n\s*/gu, ' '))),
)
/** An address or a name that is compared and sent: as it stands, or not at all. */
const exactText = text.refine((value) => PRINTABLE.test(value) || untrusted(value) === value, {
  error: 'take the control or invisible characters out',
})
const version = text.transform((value, context) => {
  const parsed = parseVersion(value)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'write letters, digits and . + _ - only, as in "v1.2.0"' })
  return z.NEVER
})
const timestamp = text.refine((value) => TIMESTAMP.test(value), {
  error: 'write it in UTC, as in "2026-02-01T18:42:10Z"',
})
const runId = text.refine((value) => RUN_ID.test(value), { error: 'write letters, digits and . _ - only' })
const json = z.custom<Json>((value) => value !== undefined)
const shownObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'write a map of keys',
  })
  .transform((value) => Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)])))
const listOf = <T extends z.ZodType>(item: T) => z.union([z.array(item), z.null().transform(() => [])])

const packageSchema = z.looseObject({
  format: exactText,
  registry: exactText,
  name: exactText.optional(),
  status: z.enum(PACKAGE_STATUSES).optional(),
  ref: json.optional(),
  before: json.optional(),
  verified_at: timestamp.nullish(),
  duration_ms: z.number().nonnegative().nullish(),
})

const healthCheckSchema = z.looseObject({
  name: freeText.optional(),
  url: freeText.optional(),
  command: freeText.optional(),
  tcp: freeText.optional(),
  status: freeText.optional(),
})

export const deploymentSchema = z.looseObject({
  id: z.int().positive().optional(),
  kind: z.enum(KINDS).optional(),
  version,
  from: version.nullish(),
  run: runId.nullish(),
  timestamp,
  finished: timestamp.nullish(),
  commit: freeText.nullish(),
  environment: exactText.nullish(),
  status: z.enum(DEPLOYMENT_STATUSES).optional(),
  actor: shownObject.nullish(),
  reason: freeText.nullish(),
  incident: freeText.nullish(),
  trigger: shownObject.nullish(),
  health: z.looseObject({ verdict: freeText.nullish() }).nullish(),
  schema_version: z.int().nullish(),
  min_rollback_schema: z.int().nullish(),
  pinned: z.boolean().nullish(),
  notes: freeText.nullish(),
  packages: listOf(packageSchema).optional(),
  health_checks: listOf(healthCheckSchema).optional(),
})
export type DeploymentData = z.output<typeof deploymentSchema>
export type PackageData = z.output<typeof packageSchema>

export const holdSchema = z.looseObject({
  version,
  reason: freeText.nullish(),
  by: freeText.nullish(),
  run: runId.nullish(),
  at: timestamp,
  until: timestamp.nullish(),
})
export type HoldData = z.output<typeof holdSchema>

export const schemaNumber = z.int().positive()
export const lineageText = exactText

function shown(value: Json): Json {
  if (typeof value === 'string') return PRINTABLE.test(value) ? value : untrusted(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(shown)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [untrusted(key, 80), shown(inner)]))
}
