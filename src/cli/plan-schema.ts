import { z } from 'zod'
import type { RollbackPlan } from '../domain/plan.ts'
import { parseVersion, type Version } from '../domain/version.ts'
import type { Json } from '../domain/json.ts'

const version = z.string().transform((text, context): Version => {
  const parsed = parseVersion(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'is not a version' })
  return z.NEVER
})

const json: z.ZodType<Json> = z.json()
const pinned = z.strictObject({ version, pin: json })
const packageRef = z.strictObject({ format: z.string(), registry: z.string(), name: z.string() })
const headers = z.record(z.string(), z.string())

const action = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('custom'),
    title: z.string(),
    operation: z.string(),
    input: z.record(z.string(), json),
  }),
  z.strictObject({
    kind: z.literal('http'),
    title: z.string(),
    method: z.enum(['PUT', 'POST', 'PATCH', 'DELETE']),
    url: z.string(),
    headers,
    body: z.string(),
  }),
  z.strictObject({ kind: z.literal('exec'), title: z.string(), file: z.string(), args: z.array(z.string()) }),
])

const step = z.strictObject({
  id: z.string(),
  package: packageRef,
  title: z.string(),
  group: z.int(),
  from: pinned,
  to: pinned,
  before: json,
  want: json,
  actions: z.array(action),
  undo: z.array(action),
  reversibility: z.enum(['reversible', 'one-way']),
  effect: z.strictObject({ newInstalls: z.string(), existingUsers: z.string(), timeToEffect: z.string() }),
  manual: z.array(z.string()),
  // Plans that were saved before a step could be a person's have none.
  isManual: z.boolean().default(false),
  preview: z.strictObject({ before: z.string(), after: z.string() }),
  deferred: z.string(),
  timeoutMs: z.number().positive(),
})

const exclusion = z.strictObject({
  package: packageRef,
  status: z.enum(['already', 'not_in_target', 'skipped']),
  reason: z.string(),
  observed: json,
})

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(['never', 'block', 'warn', 'ok']),
  title: z.string(),
  detail: z.string(),
  remedy: z.string(),
  package: packageRef.nullable(),
})

/** A saved plan, exactly as it was written: unknown keys are refused, since a plan is what runs. */
export const planSchema = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/u, 'is not a ULID'),
  kind: z.enum(['rollback', 'reissue', 'undo']),
  app: z.string(),
  environment: z.string(),
  from: version,
  to: version,
  targetId: z.int(),
  created: z.iso.datetime(),
  expires: z.iso.datetime(),
  reason: z.string(),
  incident: z.string(),
  overrides: z.array(z.string()),
  configHash: z.string(),
  historyHash: z.string(),
  hold: z.boolean(),
  parallelism: z.int().positive(),
  onPartialFailure: z.enum(['pause', 'continue', 'undo']),
  steps: z.array(step),
  excluded: z.array(exclusion),
  findings: z.array(finding),
}) satisfies z.ZodType<RollbackPlan>
