import { z } from 'zod'
import type { Action, RollbackPlan } from '../../domain/plan.ts'
import { parseVersion, type Version } from '../../domain/version.ts'
import type { Json } from '../../domain/text/json.ts'

const version = z.string().transform((text, context): Version => {
  const parsed = parseVersion(text)
  if (parsed !== undefined) return parsed
  context.addIssue({ code: 'custom', message: 'is not a version' })
  return z.NEVER
})

const json: z.ZodType<Json> = z.json()
const text = z.string()

/** `strict` refuses unknown keys, `loose` keeps them: a journal may have been written by a newer version. */
type ObjectForm = <Shape extends z.ZodRawShape>(shape: Shape) => z.ZodObject<Shape>

/** The forms of a plan and of its parts; `older`: of actions that are made no more and still stand in journals. */
export function planForms(object: ObjectForm, older?: z.ZodType<Action>) {
  const pinned = object({ version, pin: json })
  const packageRef = object({ format: text, registry: text, name: text })
  const known = z.discriminatedUnion(
    'kind',
    [
      object({ kind: z.literal('custom'), title: text, operation: text, input: z.record(text, json) }),
      object({
        kind: z.literal('http'),
        title: text,
        method: z.enum(['PUT', 'POST', 'PATCH', 'DELETE']),
        url: text,
        headers: z.record(text, text),
        body: text,
      }),
    ],
    { error: ({ input }) => `no plan has an action of the kind ${kindOf(input)}` },
  )
  const action = older ? z.union([known, older]) : known
  const step = object({
    id: text,
    package: packageRef,
    title: text,
    group: z.int(),
    from: pinned,
    to: pinned,
    isInverted: z.boolean().optional(),
    before: json,
    want: json,
    actions: z.array(action),
    undo: z.array(action),
    reversibility: z.enum(['reversible', 'one-way']),
    effect: object({ newInstalls: text, existingUsers: text, timeToEffect: text }),
    manual: z.array(text),
    // Plans that were saved before a step could be a person's have none.
    isManual: z.boolean().default(false),
    preview: object({ before: text, after: text }),
    deferred: text,
    timeoutMs: z.number().positive(),
  })
  const exclusion = object({
    package: packageRef,
    status: z.enum(['already', 'not_in_target', 'skipped']),
    reason: text,
    observed: json,
    from: pinned.optional(),
    to: pinned.optional(),
  })
  const finding = object({
    code: text,
    severity: z.enum(['never', 'block', 'warn', 'ok']),
    title: text,
    detail: text,
    remedy: text,
    package: packageRef.nullable(),
  })
  const plan = object({
    schema: z.literal(1),
    id: text.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/u, 'is not a ULID'),
    kind: z.enum(['rollback', 'undo']),
    app: text,
    environment: text,
    from: version,
    to: version,
    targetId: z.int(),
    created: z.iso.datetime(),
    expires: z.iso.datetime(),
    reason: text,
    incident: text,
    undoes: text.optional(),
    trigger: z.record(text, json).optional(),
    overrides: z.array(text),
    configHash: text,
    historyHash: text,
    hold: z.boolean(),
    parallelism: z.int().positive(),
    onPartialFailure: z.enum(['pause', 'continue', 'undo']),
    steps: z.array(step),
    excluded: z.array(exclusion),
    findings: z.array(finding),
  })
  return { plan, step, action, finding, json }
}

function kindOf(input: unknown): string {
  const kind = input !== null && typeof input === 'object' && 'kind' in input ? input.kind : undefined
  return typeof kind === 'string' ? `"${kind}"` : 'that it names'
}

const strictPlan = planForms(z.strictObject).plan

/** Without `readonly`, which a schema does not say; JSON is compared as one thing, since its type has no end. */
type Plain<T> = [Json] extends [T]
  ? 'json'
  : T extends string
    ? T
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? string extends keyof T
          ? 'object'
          : { -readonly [Key in keyof T]: Plain<T[Key]> }
        : T
type IsSame<A, B> =
  // eslint-disable-next-line typescript/no-unnecessary-type-parameters -- identity of types is only seen through a parameter
  (<T>() => T extends A ? 'same' : 'other') extends <T>() => T extends B ? 'same' : 'other' ? true : false

/** A plan as it is saved. It does not compile when the type of a plan and this schema differ in a key or in what it holds. */
export const planSchema: IsSame<Plain<z.output<typeof strictPlan>>, Plain<RollbackPlan>> extends true
  ? typeof strictPlan
  : never = strictPlan
