import fc from 'fast-check'
import type { Json, JsonObject } from '../../../src/domain/text/json.ts'

/** One random edit of a saved plan's text, and what it does. */
export interface PlanEdit {
  readonly what: string
  /** `undefined` when the plan has nothing that could be edited so. */
  apply(plan: JsonObject): string | undefined
}

const OTHER_TEXTS = ['', 'x', 'v9.9.9', 'latest', 'stable', 'two', 'evil.example.com/hello', '../../etc/passwd', '-']
const OTHER_NUMBERS = [-1, 0, 1, 2, 3, 7, 1000, 0.5]

/** Adds, removes, reorders, retargets, renames; changes texts, numbers, flags and times; adds keys and repeats them. */
export const anEdit: fc.Arbitrary<PlanEdit> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([at, other]) => changeLeaf(at, other)) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([at, other]) => changeList(at, other)) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.nat()).map(([at, other]) => swapLeaves(at, other)) },
  { weight: 1, arbitrary: fc.nat().map((at) => addKey(at)) },
  { weight: 1, arbitrary: fc.nat().map((at) => repeatKey(at)) },
  { weight: 1, arbitrary: fc.nat().map((at) => removeKey(at)) },
)

interface Place {
  readonly path: readonly (string | number)[]
  readonly value: Json
}

function placesIn(value: Json, path: readonly (string | number)[] = []): readonly Place[] {
  const inner = Array.isArray(value)
    ? value.flatMap((one: Json, index) => placesIn(one, [...path, index]))
    : value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))
      : []
  return [{ path, value }, ...inner]
}

const isTree = ({ value }: Place): boolean => value !== null && typeof value === 'object'
const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % from.length]

function write(plan: JsonObject, path: readonly (string | number)[], value: Json | undefined): string {
  const copy = structuredClone(plan)
  const last = path.at(-1)
  let parent: unknown = copy
  for (const key of path.slice(0, -1)) parent = (parent as Record<string | number, unknown>)[key]
  const holder = parent as Record<string | number, unknown>
  if (last === undefined) return JSON.stringify(value)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return JSON.stringify(copy, null, 2)
}

function otherValue(value: Json, other: number): Json | undefined {
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/u.test(value)
  if (isTime) return new Date(Date.parse(value) + ((other % 7) - 3) * 3_600_000 + 1).toISOString()
  if (typeof value === 'string') return pick([...OTHER_TEXTS, `${value}x`, value.slice(1)], other)
  if (typeof value === 'number') return pick([...OTHER_NUMBERS, value + 1], other)
  return typeof value === 'boolean' ? !value : pick<Json>(['x', 1, {}], other)
}

function changeLeaf(at: number, other: number): PlanEdit {
  return {
    what: 'change a value',
    apply(plan) {
      const place = pick(
        placesIn(plan).filter((one) => !isTree(one)),
        at,
      )
      return place && write(plan, place.path, otherValue(place.value, other))
    },
  }
}

function changeList(at: number, other: number): PlanEdit {
  return {
    what: 'add, remove or move an element',
    apply(plan) {
      const place = pick(
        placesIn(plan).filter(({ value }) => Array.isArray(value) && value.length > 0),
        at,
      )
      if (!place) return undefined
      const list = [...(place.value as readonly Json[])]
      const index = other % list.length
      const [taken = null] = list.splice(index, 1)
      if (other % 3 === 0) return write(plan, place.path, list)
      if (other % 3 === 1) return write(plan, place.path, [...list, taken, taken])
      return write(plan, place.path, index === 0 ? [...list, taken] : [taken, ...list])
    },
  }
}

function swapLeaves(at: number, other: number): PlanEdit {
  return {
    what: 'give one part the value of another',
    apply(plan) {
      const places = placesIn(plan).filter((one) => !isTree(one))
      const [to, from] = [pick(places, at), pick(places, other)]
      return to && from && write(plan, to.path, from.value)
    },
  }
}

const objectsIn = (plan: JsonObject): readonly Place[] =>
  placesIn(plan).filter(({ value }) => value !== null && typeof value === 'object' && !Array.isArray(value))

function addKey(at: number): PlanEdit {
  return {
    what: 'add a key',
    apply(plan) {
      const place = pick(objectsIn(plan), at)
      return place && write(plan, [...place.path, 'extra'], 'x')
    },
  }
}

function removeKey(at: number): PlanEdit {
  return {
    what: 'remove a key',
    apply(plan) {
      const place = pick(
        placesIn(plan).filter(({ path }) => typeof path.at(-1) === 'string'),
        at,
      )
      return place && write(plan, place.path, undefined)
    },
  }
}

/** A reader that keeps the last value and one that keeps the first see two plans. */
function repeatKey(at: number): PlanEdit {
  return {
    what: 'repeat a key',
    apply(plan) {
      const text = JSON.stringify(plan, null, 2)
      const lines = text.split('\n')
      const keyed = lines.flatMap((line, index) => (/^\s*"[^"]+": [^[{]*,$/u.test(line) ? [index] : []))
      const index = pick(keyed, at)
      const line = index === undefined ? undefined : lines[index]
      return index === undefined || line === undefined ? undefined : lines.toSpliced(index, 0, line).join('\n')
    },
  }
}
