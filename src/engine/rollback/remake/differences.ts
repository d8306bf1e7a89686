import { sameJson, type Json, type JsonObject } from '../../../domain/text/json.ts'
import { stepId, type PlanExclusion, type PlanStep, type RollbackPlan } from '../../../domain/plan.ts'

/** Where two plans differ. */
export interface Difference {
  /** `steps.npm:hello@https://registry.example.com.actions.0.input.tag` */
  readonly path: string
  /** Id of the step or exclusion that it is in; empty when it is in neither. */
  readonly step: string
}

/** What a plan is identified by, and what is checked by itself: times by their rules, findings by their codes. */
const APART: ReadonlySet<string> = new Set(['id', 'created', 'expires', 'steps', 'excluded', 'findings'])

/**
 * Every field in which a given plan is not the plan that was made again: head first, then steps and exclusions in their
 * order. Pure.
 */
export function differences(given: RollbackPlan, made: RollbackPlan): readonly Difference[] {
  const heads = [given, made].map((plan) =>
    Object.fromEntries(Object.entries(asJson(plan)).filter(([key]) => !APART.has(key))),
  )
  return [
    ...fieldsApart(heads[0] ?? null, heads[1] ?? null, '').map((path) => ({ path, step: '' })),
    ...listDifferences('steps', given.steps, made.steps),
    ...listDifferences('excluded', given.excluded, made.excluded),
  ]
}

type Part = PlanStep | PlanExclusion

function listDifferences(name: string, given: readonly Part[], made: readonly Part[]): readonly Difference[] {
  const known = new Map(made.map((part) => [idOf(part), part]))
  const changed = given.flatMap((part) => {
    const id = idOf(part)
    const other = known.get(id)
    if (!other) return [{ path: `${name}.${id}`, step: id }]
    return fieldsApart(asJson(part), asJson(other), '').map((path) => ({ path: `${name}.${id}.${path}`, step: id }))
  })
  if (changed.length > 0) return changed
  const ids = [given, made].map((parts) => parts.map(idOf))
  const index = ids[1]?.findIndex((id, at) => ids[0]?.[at] !== id) ?? -1
  if (index === -1 && given.length === made.length) return []
  const id = ids[1]?.[index] ?? ids[0]?.at(-1) ?? ''
  return [{ path: `${name}.${id}`, step: id }]
}

/** A step is identified by its package, regardless of its name. */
function idOf(part: Part): string {
  return stepId(part.package)
}

/** Paths of the values that are not equal; a list of another length counts as one. */
function fieldsApart(given: Json, made: Json, path: string): readonly string[] {
  if (sameJson(given, made)) return []
  if (!isTree(given) || !isTree(made) || Array.isArray(given) !== Array.isArray(made)) return [path]
  if (Array.isArray(given) && Array.isArray(made) && given.length !== made.length) return [path]
  const [left, right] = [new Map(Object.entries(given)), new Map(Object.entries(made))]
  const keys = [...new Set([...left.keys(), ...right.keys()])]
  return keys.flatMap((key) => {
    const [one, other] = [left.get(key), right.get(key)]
    const inner = path === '' ? key : `${path}.${key}`
    if (one === undefined || other === undefined) return one === other ? [] : [inner]
    return fieldsApart(one, other, inner)
  })
}

function isTree(value: Json): value is JsonObject | readonly Json[] {
  return value !== null && typeof value === 'object'
}

function asJson(value: object): JsonObject {
  return value as JsonObject
}
